// What the parameters of main.bicep look like. A connection's property is the name of its setting:
// Connections__{Vendor}__{connection}__{property}.

@sealed()
@description('An API client in one Acronis data center.')
type acronisConnection = {
  @description('The data center the client lives in, for example https://eu8-cloud.acronis.com.')
  DataCenterUrl: string

  @description('The API client\'s id, a UUID.')
  ClientId: string

  @description('The secret of the credential vault that holds the client\'s secret; by default {vendor}-{connection}-client-secret.')
  ClientSecretName: string?

  @description('The tenant that the stored token is scoped to; by default the client\'s own.')
  TenantId: string?

  @description('How early to renew, in whole seconds; by default a third of the lifetime, 900 at most.')
  @minValue(1)
  @maxValue(86400)
  RefreshBefore: int?

  @description('The secret of the token vault that holds the access token; by default {vendor}-{connection}-access-token.')
  TokenSecretName: string?
}

@sealed()
@description('An app registration at AvePoint Online Services.')
type avePointConnection = {
  @description('The identity service; by default that of the commercial cloud.')
  IdentityServiceUrl: string?

  @description('The app registration\'s client id, a UUID.')
  ClientId: string

  @description('The certificate of the credential vault that is registered for it; by default avepoint-{connection}.')
  CertificateName: string?

  @description('The scope to ask for; by default platformbackup.readwrite.all.')
  Scope: string?

  @description('Where the API is, for example https://graph.avepointonlineservices.com; callers get it with the token.')
  ApiUrl: string?

  @description('How early to renew, in whole seconds; by default a third of the lifetime, 900 at most.')
  @minValue(1)
  @maxValue(86400)
  RefreshBefore: int?

  @description('The secret of the token vault that holds the access token; by default avepoint-{connection}-access-token.')
  TokenSecretName: string?
}

@sealed()
@description('An API client of the backup.net portal.')
type backupNetConnection = {
  @description('The sign-in server; by default https://login.backup.net.')
  Authority: string?

  @description('The API client\'s id.')
  ClientId: string

  @description('The secret of the credential vault that holds the client\'s secret; by default backupnet-{connection}-client-secret.')
  ClientSecretName: string?

  @description('Where the API is; by default https://public-api.backup.net.')
  ApiUrl: string?

  @description('How early to renew, in whole seconds; by default a third of the lifetime, 900 at most.')
  @minValue(1)
  @maxValue(86400)
  RefreshBefore: int?

  @description('The secret of the token vault that holds the access token; by default backupnet-{connection}-access-token.')
  TokenSecretName: string?
}

@sealed()
@description('An account at one Veeam Backup for Microsoft Azure appliance.')
type veeamConnection = {
  @description('The appliance, for example https://203.0.113.10.')
  BaseUrl: string

  @description('An account that nobody else signs in with.')
  Username: string

  @description('The secret of the credential vault that holds the password; by default veeam-{connection}-password.')
  PasswordSecretName: string?

  @description('The secret of the credential vault that holds the secret of the one-time codes; by default veeam-{connection}-totp-secret, if it exists.')
  TotpSecretName: string?

  @description('The SHA-256 fingerprint of the appliance\'s certificate, where no public authority signed it.')
  ServerCertificateSha256: string?

  @description('How early to renew, in whole seconds; by default a third of the lifetime, 900 at most.')
  @minValue(1)
  @maxValue(86400)
  RefreshBefore: int?

  @description('The secret of the token vault that holds the access token; by default veeam-{connection}-access-token.')
  TokenSecretName: string?
}

type acronisConnections = {
  *: acronisConnection
}

type avePointConnections = {
  *: avePointConnection
}

type backupNetConnections = {
  *: backupNetConnection
}

type veeamConnections = {
  *: veeamConnection
}

@description('The connections of any other vendor; its page in docs/vendors has their settings.')
type otherConnections = {
  *: object
}

@export()
@description('The connections of each vendor, by their names: 1 to 40 letters and digits, for example default.')
type vendorConnections = {
  @description('Acronis Cyber Protect Cloud.')
  Acronis: acronisConnections?

  @description('Acronis CyberApp.')
  AcronisCyberApp: acronisConnections?

  @description('AvePoint Online Services.')
  AvePoint: avePointConnections?

  @description('backup.net.')
  BackupNet: backupNetConnections?

  @description('Veeam Backup for Microsoft Azure.')
  Veeam: veeamConnections?

  @description('Any other vendor, by its name in settings: Druva, VeeamVbr, or one that you declare.')
  *: otherConnections
}

@sealed()
@export()
@description('When each vendor\'s timer runs: NCRONTAB with seconds, in UTC. Every five minutes where it is not set.')
type refreshSchedules = {
  Acronis: string?
  AcronisCyberApp: string?
  AvePoint: string?
  BackupNet: string?
  Veeam: string?
  Catalogue: string?
}

@export()
@description('A service that is reached through a private endpoint.')
type privateTarget = {
  @description('The end of the endpoint\'s name.')
  name: string

  @description('The vault or storage account.')
  resourceId: string

  @description('The part of it.')
  groupId: 'vault' | 'blob' | 'queue' | 'table'
}

@sealed()
@export()
@description('The private DNS zone of each part.')
type privateZones = {
  vault: string
  blob: string
  queue: string
  table: string
}
