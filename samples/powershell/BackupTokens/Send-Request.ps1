# Sends one request and tells of the reply, whatever its status. Throws where there is no reply.
function Send-Request {
    param([string] $Method, [uri] $Uri, [System.Collections.IDictionary] $Headers, [string] $Body, [System.Net.Http.HttpClient] $Client = $script:Client)

    $request = New-Object System.Net.Http.HttpRequestMessage (New-Object System.Net.Http.HttpMethod $Method), $Uri
    try {
        foreach ($name in $Headers.Keys) { [void]$request.Headers.TryAddWithoutValidation($name, [string]$Headers[$name]) }
        if ($Body) { $request.Content = New-Object System.Net.Http.StringContent $Body, ([System.Text.Encoding]::UTF8), 'application/json' }
        $response = $Client.SendAsync($request).GetAwaiter().GetResult()
        [pscustomobject]@{
            Status     = [int]$response.StatusCode
            RetryAfter = Get-RetryAfter $response
            AnsweredBy = if ($response.Headers.Contains('X-Answered-By')) { @($response.Headers.GetValues('X-Answered-By'))[0] }
            Challenge  = "$($response.Headers.WwwAuthenticate)"
            Text       = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        }
        $response.Dispose()
    }
    catch {
        $reason = $_.Exception.GetBaseException().Message
        $exception = New-Object System.InvalidOperationException "$($Uri.GetLeftPart('Authority')) gives no answer: $reason", $_.Exception
        throw (New-Object System.Management.Automation.ErrorRecord $exception, 'no-answer', 'ConnectionError', $Uri.Host)
    }
    finally {
        $request.Dispose()
    }
}

# RFC 9110 section 10.2.3: seconds, which is what the app sends. Half a minute where it sends nothing that can be read.
function Get-RetryAfter {
    param($Response)

    $delta = if ($Response.Headers.RetryAfter) { $Response.Headers.RetryAfter.Delta }
    if ($null -eq $delta) { 30 } else { [int]$delta.TotalSeconds }
}
