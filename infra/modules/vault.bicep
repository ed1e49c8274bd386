param name string
param location string
param tags object
param softDeleteRetentionInDays int

@description('Whether a lock keeps the vault from being deleted.')
param deleteLock bool

@description('Whether the vault answers from anywhere, or through its private endpoint alone.')
param publicAccess bool

@description('Where the audit log goes.')
param workspaceId string

@description('The app\'s identity. It reads and writes secrets: access tokens in one vault, refresh tokens in the other.')
param appPrincipalId string

@description('Object ids of those who save secrets and certificates.')
param operators string[]

@description('Object ids of those who read secrets.')
param readers string[]

var secretsOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
)
var secretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var certificatesOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'a4417e6f-fecd-4de8-b567-7b0420556985'
)

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteRetentionInDays
    enablePurgeProtection: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'cannot-delete'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'A deleted vault can be recovered, but its role assignments and private endpoints cannot.'
  }
}

// The only version of this type that is no preview; it wants this name. See docs/adr/0101-audit-log-api-version.md.
resource auditLog 'Microsoft.Insights/diagnosticSettings@2016-09-01' = {
  name: 'service'
  scope: vault
  location: location
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

resource appAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, secretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: secretsOfficer
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(vault.id, operator, secretsOfficer)
    scope: vault
    properties: {
      roleDefinitionId: secretsOfficer
      principalId: operator
    }
  }
]

resource operatorCertificates 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(vault.id, operator, certificatesOfficer)
    scope: vault
    properties: {
      roleDefinitionId: certificatesOfficer
      principalId: operator
    }
  }
]

resource readerAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for reader in readers: {
    name: guid(vault.id, reader, secretsUser)
    scope: vault
    properties: {
      roleDefinitionId: secretsUser
      principalId: reader
    }
  }
]

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
