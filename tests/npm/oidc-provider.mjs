// oidc-provider on a free loopback port. The first line of standard input is the configuration:
//   { "clients": [client metadata], "scopes": [], "lifetime": seconds, "format": "opaque" | "jwt" }
// Standard output: `ready <issuer>` once, and `guard <text>` for whatever must never be logged by anyone.
// Besides the protocol: GET /counters, POST /live and POST /revoke (form field `token`).
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider from 'oidc-provider';

// The end of standard input is our end.
const lines = createInterface({ input: process.stdin }).on('close', () => process.exit(0));
const [configuration] = await once(lines, 'line');
const { clients, scopes, lifetime, format } = JSON.parse(configuration);

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const named = { kid: 'signing', alg: 'RS256', use: 'sig' };
const publicKeys = createLocalJWKSet({ keys: [{ ...await exportJWK(publicKey), ...named }] });
const counters = { discoveries: 0, keySets: 0, tokenRequests: 0, granted: 0, refused: 0, errors: {} };

// The issuer is the address, so the address must be known first.
const server = createServer((request, response) => handle(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
const resource = `${issuer}/api`;

const provider = new Provider(issuer, {
  clients,
  scopes,
  jwks: { keys: [{ ...await exportJWK(privateKey), ...named }] },
  ttl: { ClientCredentials: lifetime },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      // Only a token for a resource may be a JWT.
      defaultResource: () => (format === 'jwt' ? resource : undefined),
      getResourceServerInfo: () => ({ scope: scopes.join(' '), audience: resource, accessTokenTTL: lifetime, accessTokenFormat: format }),
    },
  },
});

provider.use(async (ctx, next) => {
  if (await answered(ctx)) return;
  await next();
  count(ctx);
});
const handle = provider.callback();
console.log(`ready ${issuer}`);

async function answered(ctx) {
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /counters':
      ctx.body = counters;
      return true;
    case 'POST /live':
      ctx.body = { live: await isLive(await tokenOf(ctx)) };
      return true;
    case 'POST /revoke':
      await (await provider.ClientCredentials.find(await tokenOf(ctx)))?.destroy();
      ctx.status = 204;
      return true;
    default:
      return false;
  }
}

async function tokenOf(ctx) {
  let body = '';
  for await (const chunk of ctx.req.setEncoding('utf8')) body += chunk;
  return new URLSearchParams(body).get('token');
}

async function isLive(token) {
  if (format === 'jwt') return jwtVerify(token, publicKeys, { issuer, audience: resource }).then(() => true, () => false);
  return (await provider.ClientCredentials.find(token))?.isValid ?? false;
}

function count(ctx) {
  switch (ctx.oidc?.route) {
    case 'discovery':
      counters.discoveries++;
      break;
    case 'jwks':
      counters.keySets++;
      break;
    case 'token':
      counters.tokenRequests++;
      guard(ctx.oidc.params?.client_assertion, ctx.body?.access_token);
      if (ctx.status === 200) return void counters.granted++;
      counters.refused++;
      counters.errors[ctx.body?.error] = (counters.errors[ctx.body?.error] ?? 0) + 1;
      break;
  }
}

function guard(...secrets) {
  for (const secret of secrets) if (secret) console.log(`guard ${secret}`);
}
