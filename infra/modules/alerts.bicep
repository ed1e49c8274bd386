param resourceToken string
param location string
param tags object

@description('Who is told; nobody if it is empty.')
param email string

param workspaceId string
param vaultNames string[]

@description('The Application Insights that the test from outside belongs to.')
param applicationInsightsId string

param appUrl string

@description('Whether Azure asks the app for its health from outside. It must be able to reach it.')
param testFromOutside bool

@description('When this deployment began. An app that is being deployed for the first time is not reported as gone.')
param deployedAt string

@description('How long no sweep may finish before the app counts as gone. It must be longer than the timers\' schedules.')
param sweepSilence string

@description('Where the runbook is. Each alert\'s description ends with it.')
param runbookUrl string

var actionGroups = empty(email)
  ? []
  : [
      actionGroup.id
    ]

// The first sweeps after a deployment take a few minutes, and so does their way into the workspace.
var settled = 'now() > datetime(${deployedAt}) + 30m'

// What each rule counts is a row of the app's own metrics or numbered events: docs/telemetry.md. One row is one alert, by Subject.
// A rule that misses rows must return one when there are none: "summarize" without "by" does.
var rules = [
  {
    name: 'app-gone'
    displayName: 'The app is gone'
    description: 'No timer has finished a sweep: the app does not run, its timers do not start, or its log does not arrive. Ask /api/health, then follow the runbook.'
    runbook: 'the-app-is-gone'
    severity: 0
    windowSize: sweepSilence
    query: '''
AppTraces
| where toint(Properties.EventId) == 1010
| summarize Sweeps = count()
| where Sweeps == 0 and {settled}
| project Subject = "all timers"
'''
  }
  {
    name: 'restart-loop'
    displayName: 'The app restarts again and again'
    description: 'An instance has started more than three times in 15 minutes, or its worker gave up starting. Read the exception of the start; if it began with a deployment, roll back.'
    runbook: 'the-app-restarts-again-and-again'
    severity: 1
    windowSize: 'PT15M'
    query: '''
AppTraces
| where Message startswith "Host initialization: " or Message startswith "Exceeded language worker restart retry count"
| summarize Starts = countif(Message startswith "Host initialization: "), GivenUp = countif(Message startswith "Exceeded ") by Instance = AppRoleInstance
| where Starts > 3 or GivenUp > 0
| summarize Instances = count()
| where Instances > 0
| project Subject = "host"
'''
  }
  {
    name: 'no-tokens'
    displayName: 'Callers get no tokens of a vendor'
    description: 'In the last 15 minutes more than half of the requests for a vendor\'s tokens failed, for reasons that are no fault of the callers. Look at /api/status for the reason, and at the vendor\'s status page.'
    runbook: 'a-vendor-gives-no-tokens'
    severity: 1
    windowSize: 'PT15M'
    query: '''
AppMetrics
| where Name == "backupfunctions.token.requests"
| extend Outcome = tostring(Properties.outcome)
| where Outcome !in ("caller-gone", "invalid-parameter", "unknown-vendor", "unknown-connection", "tenant-refused", "unauthenticated", "forbidden", "signed-out")
| summarize Failed = sumif(Sum, Outcome != "ok"), Answered = sum(Sum) by Subject = tostring(Properties.vendor)
| where Failed > 4 and Failed > Answered / 2
'''
  }
  {
    name: 'short-lived'
    displayName: 'Tokens are handed out shortly before their end'
    description: 'A token was handed out with less than two minutes to live, because its renewals have been failing. Look at /api/status for the reason.'
    runbook: 'a-vendor-gives-no-tokens'
    severity: 2
    windowSize: 'PT15M'
    query: '''
AppMetrics
| where Name == "backupfunctions.token.remaining_lifetime"
| summarize Seconds = min(Min) by Subject = tostring(Properties.vendor)
| where Seconds < 120
'''
  }
  {
    name: 'credential-ends'
    displayName: 'A credential is about to end'
    description: 'A secret or certificate ends within 30 days. Renew it at the vendor and save the new version in the vault: it is picked up by itself.'
    runbook: 'a-secret-or-certificate-ends'
    severity: 2
    windowSize: 'P1D'
    query: '''
AppTraces
| where toint(Properties.EventId) == 1018
| summarize Days = min(toint(Properties.Days)) by Subject = strcat(tostring(Properties.Connection), " ", tostring(Properties.Name))
'''
  }
  {
    name: 'misconfigured'
    displayName: 'A connection is misconfigured'
    description: 'The settings of a connection are wrong, so it gets no token. The event says which setting is wrong and what would be right: correct it and deploy.'
    runbook: 'a-connection-is-misconfigured'
    severity: 2
    windowSize: 'PT15M'
    query: '''
AppTraces
| where toint(Properties.EventId) == 5101
| summarize Starts = count() by Subject = tostring(Properties.Connection)
'''
  }
  {
    name: 'callers-refused'
    displayName: 'Callers are refused'
    description: 'A caller was refused more than ten times in 15 minutes: it lacks an app role, or tries doors. Give it the role that the event names, or find out who it is.'
    runbook: 'callers-are-refused'
    severity: 2
    windowSize: 'PT15M'
    query: '''
AppTraces
| where toint(Properties.EventId) == 1305
| summarize Refused = count() by Subject = strcat(tostring(Properties.CallerKind), " ", tostring(Properties.CallerId))
| where Refused > 10
'''
  }
  {
    name: 'webhook-fails'
    displayName: 'The alert webhook takes no messages'
    description: 'Operators could not be told of a connection that is broken, or well again. The event says how the webhook answered.'
    runbook: 'the-webhook-takes-no-messages'
    severity: 1
    windowSize: 'PT15M'
    query: '''
AppTraces
| where toint(Properties.EventId) == 1312
| summarize Failed = count() by Subject = tostring(Properties.Connection)
'''
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'backuptoken'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// A run ends as failed if one of its connections failed. The host, the worker or both tell it, each in a table of its own.
resource refreshRunFailed 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: 'alert-refresh-run-failed-${resourceToken}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'A refresh run failed'
    description: 'A timer could not renew all of a vendor\'s tokens. The run\'s exception names the connections and the reasons. ${runbookUrl}#a-vendor-gives-no-tokens'
    severity: 2
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
union AppRequests, AppExceptions, AppTraces
| where (Type == "AppRequests" and Success == false)
    or (Type == "AppExceptions" and (ExceptionType endswith "RefreshSweepException" or InnermostType endswith "RefreshSweepException"))
    or (Type == "AppTraces" and Message startswith "Executed 'Functions.Refresh" and Message contains "(Failed")
| extend Function = extract(@"\b(Refresh[A-Z][A-Za-z]+)\b", 1, strcat(OperationName, " ", Name, " ", Message))
| extend Function = iff(Type == "AppExceptions" and (isempty(Function) or Function == "RefreshSweepException"), "unknown", Function)
| where isnotempty(Function) and Function != "RefreshNow"
| project TimeGenerated, Function
'''
          timeAggregation: 'Count'
          dimensions: [
            {
              name: 'Function'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

// Events 1001 (renewed) and 1002 (renewal failed) of BackupFunctions.Core. After a refusal the next attempt is an hour later,
// so what counts is the time between the first and the last failure that no renewal lies between or after.
resource connectionFailing 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: 'alert-connection-failing-${resourceToken}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'A connection has been failing for an hour'
    description: 'No token could be obtained for an hour. POST /api/Refresh/{vendor}/{connection} tries once more, and says why not. ${runbookUrl}#a-connection-fails'
    severity: 1
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT3H'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '''
let Renewals = AppTraces
| where Message startswith "Renewed " or Message startswith "Renewal of "
| extend Connection = coalesce(tostring(Properties.Connection), extract(@"^Renew(?:ed|al of) ([a-z0-9-]+/[a-z0-9]+)", 1, Message))
| where isnotempty(Connection)
| extend IsRenewed = Message startswith "Renewed ";
Renewals
| where not(IsRenewed)
| join kind=leftouter (Renewals | where IsRenewed | summarize RenewedAt = max(TimeGenerated) by Connection) on Connection
| where isnull(RenewedAt) or TimeGenerated > RenewedAt
| summarize FailingSince = min(TimeGenerated), TimeGenerated = max(TimeGenerated) by Connection
| where TimeGenerated - FailingSince >= 1h
'''
          timeAggregation: 'Count'
          dimensions: [
            {
              name: 'Connection'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: actionGroups
    }
  }
}

resource ruleOnNames 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${resourceToken}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.displayName
      description: '${rule.description} ${runbookUrl}#${rule.runbook}'
      severity: rule.severity
      enabled: true
      scopes: [
        workspaceId
      ]
      // A rule that is evaluated once a day cannot resolve by itself.
      evaluationFrequency: rule.windowSize == 'P1D' ? 'P1D' : 'PT5M'
      windowSize: rule.windowSize
      autoMitigate: rule.windowSize != 'P1D'
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: replace(rule.query, '{settled}', settled)
            timeAggregation: 'Count'
            dimensions: [
              {
                name: 'Subject'
                operator: 'Include'
                values: [
                  '*'
                ]
              }
            ]
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: actionGroups
      }
    }
  }
]

// From five places around the world: the app answers nobody if it is down, unreachable or does not start.
resource outsideTest 'Microsoft.Insights/webtests@2022-06-15' = if (testFromOutside) {
  name: 'health-${resourceToken}'
  location: location
  // The portal finds the test by this tag.
  tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: 'health'
    SyntheticMonitorId: 'health-${resourceToken}'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    // An app that had no instance takes a while to start one.
    Timeout: 60
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'emea-se-sto-edge' }
      { Id: 'us-va-ash-azr' }
      { Id: 'us-ca-sjc-azr' }
    ]
    Request: {
      HttpVerb: 'GET'
      RequestUrl: '${appUrl}/api/health'
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
    }
  }
}

// This one knows nothing of a first deployment: it may report the minutes between the resources and the code, and resolves by itself.
resource unreachable 'Microsoft.Insights/metricAlerts@2026-01-01' = if (testFromOutside) {
  name: 'alert-unreachable-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    description: 'GET /api/health failed from at least two of five places: the app is down, does not start, or refuses everyone. Ask it yourself, then follow the runbook. ${runbookUrl}#the-app-is-gone'
    severity: 0
    enabled: true
    scopes: [
      outsideTest.id
      applicationInsightsId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: outsideTest.id
      componentId: applicationInsightsId
      failedLocationCount: 2
    }
    actions: [
      for actionGroupId in actionGroups: {
        actionGroupId: actionGroupId
      }
    ]
  }
}

resource vaultThrottled 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for vaultName in vaultNames: {
    name: 'alert-throttled-${vaultName}'
    location: 'global'
    tags: tags
    properties: {
      description: 'The vault ${vaultName} answered 429: too many transactions. Find the caller that reads most, and let it keep a token until it expires. ${runbookUrl}#a-vault-denies-throttles-or-is-slow'
      severity: 2
      enabled: true
      scopes: [
        resourceId('Microsoft.KeyVault/vaults', vaultName)
      ]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'throttled'
            metricNamespace: 'Microsoft.KeyVault/vaults'
            metricName: 'ServiceApiResult'
            dimensions: [
              {
                name: 'StatusCode'
                operator: 'Include'
                values: [
                  '429'
                ]
              }
            ]
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: [
        for actionGroupId in actionGroups: {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
]

resource vaultSlow 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for vaultName in vaultNames: {
    name: 'alert-slow-${vaultName}'
    location: 'global'
    tags: tags
    properties: {
      description: 'The vault ${vaultName} took longer than a second to answer, on average over 15 minutes. Look at Azure\'s status, and at what else reads the vault. ${runbookUrl}#a-vault-denies-throttles-or-is-slow'
      severity: 3
      enabled: true
      scopes: [
        resourceId('Microsoft.KeyVault/vaults', vaultName)
      ]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'slow'
            metricNamespace: 'Microsoft.KeyVault/vaults'
            metricName: 'ServiceApiLatency'
            timeAggregation: 'Average'
            operator: 'GreaterThan'
            threshold: 1000
          }
        ]
      }
      actions: [
        for actionGroupId in actionGroups: {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
]
