# An error as PowerShell wants it, from a reply that is a problem (RFC 9457) or, behind a proxy, anything else. With -FromApp a reply without an
# explanation is the Functions host's, which says nothing itself.
#   FullyQualifiedErrorId  begins with the last part of the problem's type, for example credentials-refused
#   Exception.Data         status, type, title, detail and oauth_error, for scripts
function New-ProblemRecord {
    param($Reply, [string] $Target, [switch] $FromApp)

    $problem = @{ status = $Reply.Status; type = "http-$($Reply.Status)"; title = "The answer was $($Reply.Status)"; detail = 'There is no explanation with it.'; oauth_error = $null }
    if ($FromApp -and $Reply.Status -eq 401) { $problem.detail = 'It does not admit this caller. Check the audience of the sign-in, or the function key if it takes keys.' }
    if ($FromApp -and $Reply.Status -eq 404) { $problem.detail = "There is no such function at this address. Check the app's address and the vendor's name." }
    try {
        $told = ConvertFrom-Json $Reply.Text -ErrorAction Stop
        foreach ($name in @($problem.Keys)) {
            if ($told -and $told.PSObject.Properties[$name]) { $problem[$name] = $told.$name }
        }
    }
    catch { Write-Verbose 'The answer is no JSON.' }
    if ($FromApp -and $Reply.Challenge -match 'resource_id=' -and -not $script:App) { $problem.detail += ' Use Connect-BackupTokens first.' }

    $category = switch ($Reply.Status) {
        400 { 'InvalidArgument' }
        401 { 'AuthenticationError' }
        403 { 'PermissionDenied' }
        404 { 'ObjectNotFound' }
        424 { 'InvalidOperation' }
        503 { 'ResourceUnavailable' }
        default { 'InvalidResult' }
    }
    $exception = New-Object System.InvalidOperationException "$($Target): $($problem.title). $($problem.detail)"
    foreach ($name in $problem.Keys) { $exception.Data[$name] = $problem[$name] }
    $record = New-Object System.Management.Automation.ErrorRecord $exception, ($problem.type -split ':')[-1], $category, $Target
    if ($Reply.Status -eq 424) {
        $record.ErrorDetails = New-Object System.Management.Automation.ErrorDetails $exception.Message
        $record.ErrorDetails.RecommendedAction = 'An operator must act; retrying does not help.'
    }
    $record
}
