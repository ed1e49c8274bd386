targetScope = 'subscription'

import { refreshSchedules, vendorConnections } from 'types.bicep'

@minLength(1)
@maxLength(64)
@description('The name of the azd environment. All other names derive from it.')
param environmentName string

@minLength(1)
@description('A region that has Flex Consumption with .NET 10.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The connections of each vendor. No secret belongs in here: secrets are saved in the credential vault.')
param connections vendorConnections = {}

@description('Vendors that you declare, by their names; docs/vendors/declared.md has the fields. Their connections are in connections.')
param vendors object = loadJsonContent('vendors.json').Vendors

@description('When each vendor\'s timer runs.')
param schedules refreshSchedules = {}

@description('Object ids of the users, groups and applications that save credentials in the credential vault.')
param credentialOperators string[] = []

@description('Object ids of the users, groups and applications that read access tokens straight from the token vault.')
param tokenReaders string[] = []

@description('Who is told of an alert; nobody if it is empty.')
param alertEmail string = ''

@description('The secret of the credential vault that holds the address of the alert webhook; no webhook if it is empty.')
param alertWebhookSecretName string = ''

@allowed(['', 'json', 'adaptive-card', 'slack'])
@description('What the alert webhook understands; json if it is empty.')
param alertFormat string = ''

@description('A header for an alert webhook that authenticates; given together with alertHeaderSecretName.')
param alertHeaderName string = ''

@description('The secret of the credential vault that holds the header\'s value.')
param alertHeaderSecretName string = ''

@allowed(['PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H'])
@description('How long no sweep may finish before the app counts as gone. Longer than the longest of the schedules.')
param sweepSilence string = 'PT15M'

@description('Where the runbook is, for the links in alerts: the address of docs/runbook.md.')
param runbookUrl string = 'docs/runbook.md'

@description('When this deployment began. Leave it as it is.')
param deployedAt string = utcNow('yyyy-MM-ddTHH:mm:ssZ')

@description('The client id of the app registration whose app roles callers need; callers then need no function key.')
param entraClientId string = ''

@description('Whether function keys alone admit callers. Either this or entraClientId is given, and never both.')
param allowKeysOnly bool = false

@description('Whether vaults and storage are reached through private endpoints alone.')
param privateNetwork bool = false

@description('The address space of the private network; a /24 or larger.')
param addressPrefix string = '10.90.0.0/24'

@description('Whether the app calls from one public address that stays the same, for the firewalls of appliances. Only in a private network.')
param staticOutboundAddress bool = false

@description('Who may call the app: address ranges with a slash, for example 203.0.113.0/24, and service tags, for example AzureConnectors.WestEurope. Everyone if it is empty.')
param allowedAddresses string[] = []

@allowed(['', 'Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
@description('How storage is replicated; if it is empty, across zones where the region has them. An existing account cannot be changed by a deployment.')
param storageSku string = ''

@description('Whether locks keep vaults and storage from being deleted.')
param deleteLocks bool = true

@allowed(['Recreate', 'RollingUpdate'])
@description('What happens to running instances when code or settings change: all restart at once, or in batches that finish what they do.')
param siteUpdateStrategy string = 'Recreate'

@allowed([512, 2048, 4096])
@description('The memory of an instance, in MB.')
param instanceMemoryMB int = 2048

@minValue(0)
@description('How many instances are kept warm for callers. Each is billed all the time.')
param alwaysReadyInstances int = 0

@minValue(7)
@maxValue(90)
@description('How long a deleted vault or secret can be recovered, in days. It cannot be changed later.')
param softDeleteRetentionInDays int = 90

@minValue(30)
@maxValue(730)
@description('How long logs are kept, in days.')
param logRetentionInDays int = 90

// Either Entra ID admits callers or function keys alone do, and a deployment says which, so that a forgotten variable cannot switch
// Entra ID off. Every resource has the tags, so that a contradiction ends the deployment before it begins.
var contradiction = allowKeysOnly
  ? 'ENTRA_CLIENT_ID is set and ALLOW_KEYS_ONLY is true, which contradict each other. Remove ALLOW_KEYS_ONLY to have callers sign in with Entra ID, or remove ENTRA_CLIENT_ID to let function keys alone admit them'
  : 'neither ENTRA_CLIENT_ID nor ALLOW_KEYS_ONLY is set. Set ENTRA_CLIENT_ID to the client id of your app registration (infra/entra-app.sh makes one and prints it), or ALLOW_KEYS_ONLY to true if function keys alone are to admit callers. Without one of them nobody can tell a forgotten variable from the wish to switch Entra ID off'
var accessTags = empty(entraClientId) == allowKeysOnly ? { 'azd-env-name': environmentName } : fail(contradiction)
var networkTags = staticOutboundAddress && !privateNetwork
  ? fail('STATIC_OUTBOUND_ADDRESS is true and PRIVATE_NETWORK is not. Only an app in a virtual network can have an outbound address of its own: set PRIVATE_NETWORK to true too')
  : {}
var tags = union(accessTags, networkTags)

// Regions with availability zones, of the public cloud: https://learn.microsoft.com/azure/reliability/regions-list
var regionsWithZones = [
  'australiaeast'
  'austriaeast'
  'belgiumcentral'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'chilecentral'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'indonesiacentral'
  'israelcentral'
  'italynorth'
  'japaneast'
  'japanwest'
  'koreacentral'
  'malaysiawest'
  'mexicocentral'
  'newzealandnorth'
  'northeurope'
  'norwayeast'
  'polandcentral'
  'qatarcentral'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'spaincentral'
  'swedencentral'
  'switzerlandnorth'
  'uaenorth'
  'uksouth'
  'westeurope'
  'westus2'
  'westus3'
]
var redundancy = contains(regionsWithZones, toLower(replace(location, ' ', ''))) ? 'Standard_ZRS' : 'Standard_LRS'
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))

resource resourceGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: resourceGroup
  params: {
    name: 'id-${resourceToken}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: resourceGroup
  params: {
    resourceToken: resourceToken
    location: location
    tags: tags
    retentionInDays: logRetentionInDays
    appPrincipalId: identity.outputs.principalId
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: resourceGroup
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module credentialVault 'modules/vault.bicep' = {
  name: 'credential-vault'
  scope: resourceGroup
  params: {
    name: 'kvc-${resourceToken}'
    location: location
    tags: tags
    softDeleteRetentionInDays: softDeleteRetentionInDays
    deleteLock: deleteLocks
    publicAccess: !privateNetwork
    workspaceId: monitoring.outputs.workspaceId
    appPrincipalId: identity.outputs.principalId
    operators: credentialOperators
    readers: []
  }
}

module tokenVault 'modules/vault.bicep' = {
  name: 'token-vault'
  scope: resourceGroup
  params: {
    name: 'kvt-${resourceToken}'
    location: location
    tags: tags
    softDeleteRetentionInDays: softDeleteRetentionInDays
    deleteLock: deleteLocks
    publicAccess: !privateNetwork
    workspaceId: monitoring.outputs.workspaceId
    appPrincipalId: identity.outputs.principalId
    operators: []
    readers: tokenReaders
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: resourceGroup
  params: {
    name: 'st${resourceToken}'
    skuName: empty(storageSku) ? redundancy : storageSku
    deleteLock: deleteLocks
    location: location
    tags: tags
    publicAccess: !privateNetwork
    appPrincipalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: resourceGroup
  params: {
    name: 'vnet-${resourceToken}'
    location: location
    tags: tags
    addressPrefix: addressPrefix
    staticOutboundAddress: staticOutboundAddress
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  name: 'private-endpoints'
  scope: resourceGroup
  params: {
    resourceToken: resourceToken
    location: location
    tags: tags
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
    targets: [
      { name: 'credentials', resourceId: credentialVault.outputs.id, groupId: 'vault' }
      { name: 'tokens', resourceId: tokenVault.outputs.id, groupId: 'vault' }
      { name: 'blob', resourceId: storage.outputs.id, groupId: 'blob' }
      { name: 'queue', resourceId: storage.outputs.id, groupId: 'queue' }
      { name: 'table', resourceId: storage.outputs.id, groupId: 'table' }
    ]
    zones: {
      vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
      blob: 'privatelink.blob.${environment().suffixes.storage}'
      queue: 'privatelink.queue.${environment().suffixes.storage}'
      table: 'privatelink.table.${environment().suffixes.storage}'
    }
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: resourceGroup
  params: {
    resourceToken: resourceToken
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    vaultUri: credentialVault.outputs.uri
    tokenVaultUri: tokenVault.outputs.uri
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    siteUpdateStrategy: siteUpdateStrategy
    allowedAddresses: allowedAddresses
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyInstances: alwaysReadyInstances
    connections: connections
    vendors: vendors
    schedules: schedules
    entraClientId: entraClientId
    alertWebhookSecretName: alertWebhookSecretName
    alertFormat: alertFormat
    alertHeader: { name: alertHeaderName, secretName: alertHeaderSecretName }
  }
  dependsOn: [
    privateEndpoints
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: resourceGroup
  params: {
    resourceToken: resourceToken
    location: location
    tags: tags
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    appUrl: functionApp.outputs.url
    testFromOutside: true
    deployedAt: deployedAt
    sweepSilence: sweepSilence
    runbookUrl: empty(runbookUrl) ? 'docs/runbook.md' : runbookUrl
    vaultNames: [
      credentialVault.outputs.name
      tokenVault.outputs.name
    ]
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = resourceGroup.name
output AZURE_FUNCTION_NAME string = functionApp.outputs.name
output FUNCTION_APP_URL string = functionApp.outputs.url
output LOG_WORKSPACE_ID string = monitoring.outputs.customerId
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output OUTBOUND_ADDRESS string = privateNetwork ? network!.outputs.outboundAddress : ''
output CREDENTIAL_VAULT_NAME string = credentialVault.outputs.name
output TOKEN_VAULT_URI string = tokenVault.outputs.uri
