// A stand-in for the Azure CLI. It knows the calls of infra/entra-app.* alone, and answers them from the JSON file that AZ_STATE names as
// Microsoft Graph would. It refuses what Graph refuses, so that a script that asks for it fails here too; and arguments that az.cmd on
// Windows would cut: with parentheses, quotes, an ampersand or a percent sign.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import jmespath from 'jmespath';

const graph = 'https://graph.microsoft.com/';
const state = JSON.parse(readFileSync(process.env.AZ_STATE, 'utf8'));
const [group, verb] = process.argv.slice(2);

try {
  if (!state.signedIn) throw new Refusal('Please run \'az login\' to setup account.');
  const isRest = group === 'rest';
  const options = read(process.argv.slice(isRest ? 3 : 4));
  const shows = { account: { tenantId: state.tenantId }, cloud: { endpoints: { microsoftGraphResourceId: graph } } };
  const reply = isRest ? rest(options) : shows[verb === 'show' && group];
  print(options.query ? jmespath.search(reply, options.query) : reply, options.output);
} catch (error) {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = error.isUsage ? 2 : 1;
} finally {
  writeFileSync(process.env.AZ_STATE, JSON.stringify(state, null, 2));
}

function Refusal(message, isUsage = false) {
  return Object.assign(new Error(message), { isUsage });
}

function refuse(status, code, message) {
  throw new Refusal(`${status}(${JSON.stringify({ error: { code, message } })})`);
}

function read(words) {
  const options = {};
  const known = ['--method', '--url', '--url-parameters', '--body', '--query', '--output'];
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--only-show-errors') continue;
    if (!known.includes(word)) throw new Refusal(`unrecognized arguments: ${word}`, true);
    const value = words.shift();
    options[word.slice(2)] = value;
    // A query is for the POSIX shell alone: PowerShell reads JSON itself. What has a space is in quotes.
    const cut = value.includes(' ') ? /["%]/ : /[()&"%|<>^]/;
    if (word !== '--query' && cut.test(value)) throw new Refusal(`az.cmd would cut ${value}`, true);
  }
  return options;
}

function print(reply, output) {
  if (output === 'none' || reply === undefined) return;
  if (output !== 'tsv') console.log(JSON.stringify(reply, null, 2));
  else for (const row of Array.isArray(reply) ? reply : [reply]) console.log(Array.isArray(row) ? row.join('\t') : row ?? 'None');
}

function rest({ method, url, 'url-parameters': parameters, body }) {
  const path = url.replace(`${graph}v1.0/`, '');
  if (body && !body.startsWith('@')) throw new Refusal('a body belongs in a file');
  const sent = body && JSON.parse(readFileSync(body.slice(1), 'utf8'));
  const [collection, id, link] = path.split('/');
  const found = id && state[collection]?.find((one) => one.id === id);
  if (id && (!found || isUnseen(found))) notFound(id);
  if (method !== 'get' && state.mayOnlyRead) {
    refuse('Forbidden', 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  if (method !== 'get') state.writes.push(`${method} ${path}`);
  switch (`${method} ${collection}${id ? '/id' : ''}${link ? `/${link}` : ''}`) {
    case 'get applications':
    case 'get servicePrincipals': {
      const [, name, value] = parameters.match(/^\$filter=(\w+) eq '(.*)'$/);
      return { value: state[collection].filter((one) => one[name] === value).map(shown) };
    }
    case 'get applications/id': return shown(found);
    case 'post applications': return shown(create(sent));
    case 'patch applications/id': return update(found, sent);
    case 'post servicePrincipals': return shown(enrol(sent));
    case 'post servicePrincipals/id/appRoleAssignedTo': return assign(found, sent);
    default: return refuse('Bad Request', 'BadRequest', `${method} ${path}`);
  }
}

// Graph tells where a role comes from, and takes none back that does.
function shown({ unseen, appRoles, ...one }) {
  return appRoles ? { ...one, appRoles: appRoles.map((role) => ({ ...role, origin: 'Application' })) } : one;
}

function isUnseen(one) {
  return one.unseen > 0 && one.unseen-- > 0;
}

function notFound(id) {
  refuse('Not Found', 'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`);
}

function create({ displayName, signInAudience, ...rest }) {
  if (Object.keys(rest).length > 0 || signInAudience !== 'AzureADMyOrg') {
    refuse('Bad Request', 'Request_BadRequest', 'This stand-in knows no more.');
  }
  const application = {
    id: randomUUID(), appId: randomUUID(), displayName, signInAudience, identifierUris: [], appRoles: [],
    api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: [], preAuthorizedApplications: [], acceptMappedClaims: null },
    web: { redirectUris: [], implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false } },
    unseen: state.lag,
  };
  state.applications.push(application);
  return application;
}

function update(application, sent) {
  const { api = {}, web = {}, appRoles = application.appRoles, identifierUris = application.identifierUris, ...rest } = sent;
  if (Object.keys(rest).length > 0) refuse('Bad Request', 'Request_BadRequest', `Invalid property '${Object.keys(rest)[0]}'.`);
  const scopes = api.oauth2PermissionScopes ?? application.api.oauth2PermissionScopes;
  if (appRoles.some((role) => 'origin' in role)) refuse('Bad Request', 'Request_BadRequest', 'Property origin is read-only.');
  keepEnabled(application.appRoles, appRoles);
  keepEnabled(application.api.oauth2PermissionScopes, scopes);
  for (const field of ['id', 'value']) {
    const all = [...appRoles, ...scopes].map((one) => one[field]).filter((value) => value !== null);
    if (new Set(all).size < all.length) {
      refuse('Bad Request', 'Request_BadRequest', 'It contains duplicate value. Please Provide unique value.');
    }
  }
  // Against the scopes of before: Graph does not take a scope and who is authorized for it in one request.
  const known = application.api.oauth2PermissionScopes.map((scope) => scope.id);
  for (const client of api.preAuthorizedApplications ?? []) {
    if (!client.delegatedPermissionIds.every((id) => known.includes(id))) {
      refuse('Bad Request', 'InvalidValue',
        'Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.');
    }
  }
  if (!identifierUris.every((uri) => uri === `api://${application.appId}` || application.identifierUris.includes(uri))) {
    refuse('Bad Request', 'HostNameNotOnVerifiedDomain',
      'Values of identifierUris property must use a verified domain of the organization.');
  }
  if (!(web.redirectUris ?? []).every((uri) => /^https:\/\/[^/*?#]+\/[^*?#]*$/.test(uri))) {
    refuse('Bad Request', 'InvalidRedirectUri', 'Invalid redirect URI.');
  }
  Object.assign(application, { appRoles, identifierUris, api: { ...application.api, ...api }, web: { ...application.web, ...web } });
}

function keepEnabled(before, after) {
  for (const one of before.filter((each) => each.isEnabled)) {
    if (!isDeepStrictEqual(after.find((each) => each.id === one.id), one)) {
      refuse('Bad Request', 'CannotDeleteOrUpdateEnabledEntitlement',
        'Permission (scope or role) cannot be deleted or updated unless disabled first.');
    }
  }
}

function enrol({ appId, tags }) {
  const application = state.applications.find((one) => one.appId === appId);
  if (!application || isUnseen(application)) {
    refuse('Bad Request', 'NoBackingApplicationObject',
      `The appId '${appId}' of the service principal does not reference a valid application object.`);
  }
  if (state.servicePrincipals.some((one) => one.appId === appId)) {
    refuse('Conflict', 'Request_MultipleObjectsWithSameKeyValue', 'The service principal cannot be created because it is already in use.');
  }
  const principal = { id: randomUUID(), appId, tags, appRoleAssignmentRequired: false, assignments: [], unseen: state.lag };
  state.servicePrincipals.push(principal);
  return principal;
}

function assign(resource, { principalId, resourceId, appRoleId }) {
  const roles = state.applications.find((one) => one.appId === resource.appId).appRoles;
  if (resourceId !== resource.id) refuse('Bad Request', 'Request_BadRequest', 'Not a valid reference update.');
  if (!state.principals.includes(principalId)) notFound(principalId);
  if (!roles.some((role) => role.id === appRoleId)) {
    refuse('Bad Request', 'Request_BadRequest', `Permission being assigned was not found on application '${resource.appId}'.`);
  }
  if (resource.assignments.some((one) => one.principalId === principalId && one.appRoleId === appRoleId)) {
    refuse('Bad Request', 'Request_BadRequest', 'Permission being assigned already exists on the object.');
  }
  resource.assignments.push({ principalId, appRoleId });
}
