import { refreshSchedules } from '../types.bicep'

param resourceToken string
param location string
param tags object
param identityId string
param identityClientId string
param storageAccountName string
param deploymentContainerUrl string
param vaultUri string
param tokenVaultUri string
param applicationInsightsConnectionString string

@description('The subnet of a private network; none if it is empty.')
param subnetId string

@description('What happens to running instances when code or settings change.')
param siteUpdateStrategy 'Recreate' | 'RollingUpdate'

@description('Who may call the app: address ranges and service tags; everyone if it is empty.')
param allowedAddresses string[]

param instanceMemoryMB int
param alwaysReadyInstances int

@description('Vendor, connection, setting: see types.bicep.')
param connections object

@description('Declared vendors, by their names: each an object with the fields of a profile.')
param vendors object

param schedules refreshSchedules

@description('The client id of the app registration whose app roles callers need; function keys alone admit callers if it is empty.')
param entraClientId string

@description('The secret that holds the address of the alert webhook; none if it is empty.')
param alertWebhookSecretName string

@description('What the webhook understands; the app\'s default if it is empty.')
param alertFormat string

@description('A header for a webhook that authenticates, and the secret that holds its value; none if they are empty.')
param alertHeader { name: string, secretName: string }

// Azure's test of /api/health comes from addresses of this tag.
var callers = empty(allowedAddresses) ? [] : union(allowedAddresses, ['ApplicationInsightsAvailability'])
var addressRules = map(callers, (caller, index) => {
  name: 'caller-${index}'
  priority: 100 + index
  action: 'Allow'
  tag: contains(caller, '/') ? 'Default' : 'ServiceTag'
  ipAddress: caller
})

var usesEntra = !empty(entraClientId)
var requireAppRoles = string(usesEntra)
var functionKeys = string(!usesEntra)
var everyFiveMinutes = '0 */5 * * * *'

// A timer each for five vendors, and one that all others share.
var scheduleSettings = [
  { name: 'AcronisRefreshSchedule', value: schedules.?Acronis ?? everyFiveMinutes }
  { name: 'AcronisCyberAppRefreshSchedule', value: schedules.?AcronisCyberApp ?? everyFiveMinutes }
  { name: 'AvePointRefreshSchedule', value: schedules.?AvePoint ?? everyFiveMinutes }
  { name: 'BackupNetRefreshSchedule', value: schedules.?BackupNet ?? everyFiveMinutes }
  { name: 'VeeamRefreshSchedule', value: schedules.?Veeam ?? everyFiveMinutes }
  { name: 'CatalogueRefreshSchedule', value: schedules.?Catalogue ?? everyFiveMinutes }
]

var hostSettings = [
  { name: 'AzureWebJobsStorage__accountName', value: storageAccountName }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: applicationInsightsConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
  // What the Azure SDK's DefaultAzureCredential is: this identity, and nothing else is tried.
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'AZURE_TOKEN_CREDENTIALS', value: 'ManagedIdentityCredential' }
  // Placeholders of .NET 10 are troublesome on Flex Consumption.
  { name: 'WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED', value: '0' }
  { name: 'KeyVault__VaultUri', value: vaultUri }
  { name: 'KeyVault__TokenVaultUri', value: tokenVaultUri }
  { name: 'Alerts__WebhookUrlSecretName', value: alertWebhookSecretName }
]

var alertSettings = filter(
  [
    { name: 'Alerts__Format', value: alertFormat }
    { name: 'Alerts__HeaderName', value: alertHeader.name }
    { name: 'Alerts__HeaderSecretName', value: alertHeader.secretName }
  ],
  setting => !empty(setting.value)
)

// Either Entra ID admits callers or a function key does. The client id is that of the audience that the app names to callers.
var accessSettings = concat(
  [
    { name: 'Access__RequireAppRoles', value: requireAppRoles }
    { name: 'Access__FunctionKeys', value: functionKeys }
  ],
  usesEntra ? [{ name: 'Access__ClientId', value: entraClientId }] : []
)

// The fields of a declared vendor in one setting: names of settings have no hyphen, and headers do.
var vendorSettings = map(items(vendors), vendor => {
  name: 'Vendors__${vendor.key}'
  value: string(vendor.value)
})

var connectionSettings = flatten(map(
  items(connections),
  vendor =>
    flatten(map(
      items(vendor.value),
      connection =>
        map(items(connection.value), setting => {
          name: 'Connections__${vendor.key}__${connection.key}__${setting.key}'
          value: string(setting.value)
        })
    ))
))

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${resourceToken}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${resourceToken}'
  location: location
  tags: union(tags, { 'azd-service-name': 'tokens' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      // The types of this version lack the property; Azure has it since 2024-11-01.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: siteUpdateStrategy
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: 40
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
            ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ipSecurityRestrictions: addressRules
      ipSecurityRestrictionsDefaultAction: empty(callers) ? 'Allow' : 'Deny'
      // Deployment is by Entra ID alone, from wherever a workflow runs.
      scmIpSecurityRestrictionsUseMain: false
      appSettings: concat(
        hostSettings,
        alertSettings,
        accessSettings,
        scheduleSettings,
        vendorSettings,
        connectionSettings
      )
    }
  }

  // The platform verifies callers' tokens. Who sends none is let through to the app, which answers with a problem that says what
  // is missing, and has a health and an empty page that are for everybody.
  resource authentication 'config' = if (usesEntra) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [
              entraClientId
              'api://${entraClientId}'
            ]
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }

  // Deployment is by Entra ID alone.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
