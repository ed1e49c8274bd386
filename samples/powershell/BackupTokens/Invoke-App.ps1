# Asks the app, as whoever is connected, waits where it says when to ask again, and throws a problem's record where it gives up. With -ForVendor
# the reply is the vendor's, which the app hands on; without it, what JSON the app's own holds.
function Invoke-App {
    param(
        [uri] $AppUrl, [securestring] $Key, [string] $Path, [string] $Target, [int] $RetryCount,
        [string] $Method = 'GET', [string] $Body, [string] $Within, [switch] $ForVendor
    )

    $AppUrl = Resolve-AppUrl $AppUrl
    $root = "$($AppUrl.AbsoluteUri.TrimEnd('/'))/api/"
    $uri = [uri]"$root$Path"
    # It has resolved dot segments, also encoded ones.
    if (-not $uri.AbsoluteUri.StartsWith("$root$Within", [StringComparison]::Ordinal)) { throw "$Target leads to another place: its path has dot segments." }
    $headers = Get-AppHeader $AppUrl $Key

    for ($left = $RetryCount; ; $left--) {
        $reply = Send-Request -Method $Method -Uri $uri -Headers $headers -Body $Body
        if ($ForVendor -and $reply.AnsweredBy -eq 'vendor') { return $reply }
        if (-not $ForVendor -and $reply.Status -eq 200) { return ConvertFrom-Json $reply.Text }
        # What may have been done is not done again. Later than in five minutes is for the script's own schedule.
        $isDue = $reply.Status -eq 503 -and $Method -eq 'GET' -and $left -gt 0 -and $reply.RetryAfter -le 300
        if (-not $isDue) { throw (New-ProblemRecord $reply $Target -FromApp) }
        Write-Verbose "$($Target): the app says to ask again in $($reply.RetryAfter) s."
        Start-Sleep -Seconds $reply.RetryAfter
    }
}

# The address that was given, or that Connect-BackupTokens or the environment has.
function Resolve-AppUrl {
    param([uri] $AppUrl)

    if (-not $AppUrl -and $script:App) { $AppUrl = $script:App.AppUrl }
    if (-not $AppUrl) { $AppUrl = $env:BACKUP_FUNCTIONS_URL }
    if (-not $AppUrl) { throw 'Where the app is, is not known: use Connect-BackupTokens, give -AppUrl, or set the environment variable BACKUP_FUNCTIONS_URL.' }
    if (-not $AppUrl.IsAbsoluteUri) { throw "$AppUrl is no address: it must be like https://contoso-backup.azurewebsites.net." }
    if ($AppUrl.Scheme -ne 'https' -and -not $AppUrl.IsLoopback) { throw "$AppUrl would carry keys and tokens in the clear: it must be https." }
    $AppUrl
}

# By what the app knows the caller. The token goes to the app that is connected alone.
function Get-AppHeader {
    param([uri] $AppUrl, [securestring] $Key)

    $headers = @{}
    $secret = if ($Key) { ConvertFrom-Secret $Key } else { $env:BACKUP_FUNCTIONS_KEY }
    if ($secret) { $headers['x-functions-key'] = $secret }
    if ($script:App -and $script:App.Audience -and $AppUrl.GetLeftPart('Authority') -eq $script:App.AppUrl.GetLeftPart('Authority')) {
        $headers['Authorization'] = "Bearer $(ConvertFrom-Secret (Get-EntraToken $script:App))"
    }
    $headers
}

function ConvertFrom-Secret {
    param([securestring] $Secret)
    [System.Net.NetworkCredential]::new('', $Secret).Password
}

function ConvertTo-Secret {
    param([string] $Text)
    [System.Net.NetworkCredential]::new('', $Text).SecurePassword
}
