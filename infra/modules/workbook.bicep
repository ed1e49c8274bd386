param location string
param tags object

@description('Where the app\'s metrics and log events are.')
param workspaceId string

// What the queries read is named in docs/telemetry.md; a test says that the app emits it.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'backup-tokens')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Backup tokens'
    category: 'workbook'
    version: '1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('workbook.json'), '{workspaceId}', workspaceId)
  }
}
