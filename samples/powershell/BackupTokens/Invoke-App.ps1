# GETs a path of the app, waits where the app says when to ask again, and throws a problem's record where it gives up.
function Invoke-App {
    param([uri] $AppUrl, [securestring] $Key, [string] $Path, [string] $Target, [int] $RetryCount)

    if (-not $AppUrl) { throw 'Where the app is, is not known: give -AppUrl, or set the environment variable BACKUP_FUNCTIONS_URL.' }
    if (-not $AppUrl.IsAbsoluteUri) { throw "$AppUrl is no address: it must be like https://contoso-backup.azurewebsites.net." }
    if ($AppUrl.Scheme -ne 'https' -and -not $AppUrl.IsLoopback) { throw "$AppUrl would carry keys and tokens in the clear: it must be https." }

    $headers = @{}
    $secret = if ($Key) { [System.Net.NetworkCredential]::new('', $Key).Password } else { $env:BACKUP_FUNCTIONS_KEY }
    if ($secret) { $headers['x-functions-key'] = $secret }

    for ($left = $RetryCount; ; $left--) {
        $reply = Send-Request -Method GET -Uri "$($AppUrl.AbsoluteUri.TrimEnd('/'))/api/$Path" -Headers $headers
        if ($reply.Status -eq 200) { return ConvertFrom-Json $reply.Text }
        # Later than in five minutes is for the script's own schedule.
        if ($reply.Status -ne 503 -or $left -le 0 -or $reply.RetryAfter -gt 300) { throw (New-ProblemRecord $reply $Target -FromApp) }
        Write-Verbose "$($Target): the app says to ask again in $($reply.RetryAfter) s."
        Start-Sleep -Seconds $reply.RetryAfter
    }
}
