namespace BackupFunctions.Core.Tests.FaultMatrix;

/// <summary>The fault matrix. Nothing here is computed: a row states what a caller sees.</summary>
/// <remarks>
/// Cold: nothing in memory, nothing in the vault. Warm: a token in both, ten minutes before its end, so inside its
/// window. "Clients" sign in with client credentials; Veeam's products with a password and, where the account has a
/// second factor, a one-time code (two calls), and they renew with a refresh token (one call), which is never repeated
/// once it may have arrived. "Kept" are those of Veeam's whose sessions a new sign-in does not end. Jitter is off: a
/// back-off is 30 s. A caller waits for 30 s, a vendor has 40 s. "old", "new": which token; "dead": the vendor would not
/// accept it. Discovery counts where the vendor has it.
/// </remarks>
internal static class Matrix
{
    private const string Rows = """
        fault                           | start | vendors     | answer                     | wait | token | discovery | access token | refresh token

        vendor: no answer               | cold  | clients     | 503 vendor-unavailable     | 40   | 3     | 1         | none         | -
        vendor: no answer               | cold  | veeam       | 503 vendor-unavailable     | 40   | 3     | -         | none         | none
        vendor: no answer               | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: no answer               | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: reset before            | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: reset before            | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: reset before            | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: reset before            | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: reset after             | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: reset after             | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: reset after             | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: reset after             | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old, dead
        vendor: 429 for 120 s           | cold  | clients     | 503 vendor-throttled       | 120  | 1     | 1         | none         | -
        vendor: 429 for 120 s           | cold  | veeam       | 503 vendor-throttled       | 120  | 1     | -         | none         | none
        vendor: 429 for 120 s           | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: 429 for 120 s           | warm  | veeam       | 200 old                    | -    | 1     | -         | old          | old
        vendor: 429 until a date        | cold  | clients     | 503 vendor-throttled       | 120  | 1     | 1         | none         | -
        vendor: 429 until a date        | cold  | veeam       | 503 vendor-throttled       | 120  | 1     | -         | none         | none
        vendor: 429 until a date        | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: 429 until a date        | warm  | veeam       | 200 old                    | -    | 1     | -         | old          | old
        vendor: 429                     | cold  | clients     | 503 vendor-throttled       | 30   | 3     | 1         | none         | -
        vendor: 429                     | cold  | veeam       | 503 vendor-throttled       | 30   | 3     | -         | none         | none
        vendor: 429                     | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: 429                     | warm  | veeam       | 200 old                    | -    | 1     | -         | old          | old
        vendor: 500                     | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: 500                     | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: 500                     | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: 500                     | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: 503                     | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: 503                     | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: 503                     | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: 503                     | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: 520                     | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: 520                     | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: 520                     | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: 520                     | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: HTML with 200           | cold  | clients     | 503 vendor-reply-unusable  | 30   | 1     | 1         | none         | -
        vendor: HTML with 200           | cold  | veeam       | 503 vendor-reply-unusable  | 30   | 1     | -         | none         | none
        vendor: HTML with 200           | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: HTML with 200           | warm  | veeam       | 200 old                    | -    | 2     | -         | old          | old
        vendor: HTML with 403           | cold  | clients     | 503 vendor-unavailable     | 30   | 1     | 1         | none         | -
        vendor: HTML with 403           | cold  | veeam       | 503 vendor-unavailable     | 30   | 1     | -         | none         | none
        vendor: HTML with 403           | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: HTML with 403           | warm  | veeam       | 200 old                    | -    | 2     | -         | old          | old
        vendor: HTML with 503           | cold  | clients     | 503 vendor-unavailable     | 30   | 3     | 1         | none         | -
        vendor: HTML with 503           | cold  | veeam       | 503 vendor-unavailable     | 30   | 3     | -         | none         | none
        vendor: HTML with 503           | warm  | clients     | 200 old                    | -    | 3     | 0         | old          | -
        vendor: HTML with 503           | warm  | veeam       | 200 old                    | -    | 4     | -         | old          | old
        vendor: truncated JSON          | cold  | clients     | 503 vendor-reply-unusable  | 30   | 1     | 1         | none         | -
        vendor: truncated JSON          | cold  | veeam       | 503 vendor-reply-unusable  | 30   | 1     | -         | none         | none
        vendor: truncated JSON          | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: truncated JSON          | warm  | veeam       | 200 old                    | -    | 2     | -         | old          | old, dead
        vendor: no access_token         | cold  | clients     | 503 vendor-reply-unusable  | 30   | 1     | 1         | none         | -
        vendor: no access_token         | cold  | veeam       | 503 vendor-reply-unusable  | 30   | 4/1   | -         | none         | new
        vendor: no access_token         | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vendor: no access_token         | warm  | kept        | 200 old                    | -    | 5/2   | -         | old          | new
        vendor: no access_token         | warm  | veeam-vspc  | 200 old, dead              | -    | 5     | -         | old, dead    | new

        discovery: no answer            | cold  | discovering | 503 vendor-unavailable     | 40   | 0     | 3         | none         | -
        discovery: no answer            | warm  | discovering | 200 new                    | -    | 1     | 0         | new          | -
        discovery: reset before         | cold  | discovering | 503 vendor-unavailable     | 30   | 0     | 3         | none         | -
        discovery: 429 for 120 s        | cold  | discovering | 503 vendor-throttled       | 120  | 0     | 1         | none         | -
        discovery: 429                  | cold  | discovering | 503 vendor-throttled       | 30   | 0     | 3         | none         | -
        discovery: 503                  | cold  | discovering | 503 vendor-unavailable     | 30   | 0     | 3         | none         | -
        discovery: HTML with 200        | cold  | discovering | 503 vendor-reply-unusable  | 30   | 0     | 1         | none         | -
        discovery: truncated JSON       | cold  | discovering | 503 vendor-reply-unusable  | 30   | 0     | 1         | none         | -
        discovery: no token_endpoint    | cold  | discovering | 503 vendor-reply-unusable  | 30   | 0     | 1         | none         | -
        discovery: endpoint at another host | cold | discovering | 424 server-not-trusted  | -    | 0     | 1         | none         | -

        token: revoked                  | cold  | clients     | 200 new                    | -    | 1     | 1         | new          | -
        token: revoked                  | cold  | veeam       | 200 new                    | -    | 1     | -         | new          | new
        token: revoked                  | warm  | clients     | 200 new                    | -    | 1     | 0         | new          | -
        token: revoked                  | warm  | veeam       | 200 new                    | -    | 1     | -         | new          | new

        credential: newer in the vault than in the cache | cold | clients | 200 new           | - | 1     | 1         | new          | -
        credential: newer in the vault than in the cache | cold | veeam   | 200 new           | - | 2/1   | -         | new          | new
        credential: newer in the vault than in the cache | warm | secrets | 200 new           | - | 2     | 0         | new          | -
        credential: newer in the vault than in the cache | warm | avepoint | 200 new          | - | 2     | 1         | new          | -
        credential: newer in the vault than in the cache | warm | veeam   | 200 new           | - | 4/3   | -         | new          | new
        credential: newer at the vendor | cold  | clients     | 424 credentials-refused    | -    | 1     | 1         | none         | -
        credential: newer at the vendor | cold  | veeam       | 424 credentials-refused    | -    | 1     | -         | none         | none
        credential: newer at the vendor | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        credential: newer at the vendor | warm  | veeam       | 200 new                    | -    | 1     | -         | new          | new

        clock: 10 minutes fast          | cold  | clients     | 200 new                    | -    | 1     | 1         | new          | -
        clock: 10 minutes fast          | cold  | veeam       | 200 new                    | -    | 2/1   | -         | new          | new
        clock: 10 minutes fast          | warm  | secrets     | 200 new                    | -    | 1     | 0         | new          | -
        clock: 10 minutes fast          | warm  | avepoint    | 200 new                    | -    | 2     | 0         | new          | -
        clock: 10 minutes fast          | warm  | veeam       | 200 new                    | -    | 1     | -         | new          | new
        clock: 10 minutes slow          | cold  | clients     | 200 new                    | -    | 1     | 1         | new          | -
        clock: 10 minutes slow          | cold  | veeam       | 200 new                    | -    | 2/1   | -         | new          | new
        clock: 10 minutes slow          | warm  | secrets     | 200 new                    | -    | 1     | 0         | new          | -
        clock: 10 minutes slow          | warm  | avepoint    | 200 new                    | -    | 2     | 0         | new          | -
        clock: 10 minutes slow          | warm  | veeam       | 200 new                    | -    | 1     | -         | new          | new

        vault read: 403                 | cold  | clients     | 424 vault-access-denied    | -    | 0     | 0         | none         | -
        vault read: 403                 | cold  | veeam       | 424 vault-access-denied    | -    | 0     | -         | none         | none
        vault read: 403                 | warm  | clients     | 200 old                    | -    | 0     | 0         | old          | -
        vault read: 403                 | warm  | veeam       | 200 old                    | -    | 0     | -         | old          | old
        vault read: 429                 | cold  | clients     | 503 vault-unavailable      | 30   | 0     | 0         | none         | -
        vault read: 429                 | cold  | veeam       | 503 vault-unavailable      | 30   | 0     | -         | none         | none
        vault read: 429                 | warm  | clients     | 200 new                    | -    | 1     | 0         | new          | -
        vault read: 429                 | warm  | veeam       | 200 new                    | -    | 2/1   | -         | new          | new
        vault read: 503                 | cold  | clients     | 503 vault-unavailable      | 30   | 0     | 0         | none         | -
        vault read: 503                 | cold  | veeam       | 503 vault-unavailable      | 30   | 0     | -         | none         | none
        vault read: 503                 | warm  | clients     | 200 new                    | -    | 1     | 0         | new          | -
        vault read: 503                 | warm  | veeam       | 200 new                    | -    | 2/1   | -         | new          | new
        vault read: no answer           | cold  | clients     | 503 vault-unavailable      | 30   | 0     | 0         | none         | -
        vault read: no answer           | cold  | veeam       | 503 vault-unavailable      | 30   | 0     | -         | none         | none
        vault read: no answer           | warm  | clients     | 200 old                    | -    | 1     | 0         | new          | -
        vault read: no answer           | warm  | veeam       | 200 old                    | -    | 2/1   | -         | new          | new
        vault write: 403                | cold  | clients     | 200 new                    | -    | 1     | 1         | none         | -
        vault write: 403                | cold  | veeam       | 200 new                    | -    | 2/1   | -         | none         | none
        vault write: 403                | warm  | clients     | 200 new                    | -    | 1     | 0         | old          | -
        vault write: 403                | warm  | veeam       | 200 new                    | -    | 1     | -         | old          | old, dead
        vault write: 429                | cold  | clients     | 200 new                    | -    | 1     | 1         | none         | -
        vault write: 429                | cold  | veeam       | 200 new                    | -    | 2/1   | -         | none         | none
        vault write: 429                | warm  | clients     | 200 new                    | -    | 1     | 0         | old          | -
        vault write: 429                | warm  | veeam       | 200 new                    | -    | 1     | -         | old          | old, dead
        vault write: 503                | cold  | clients     | 200 new                    | -    | 1     | 1         | none         | -
        vault write: 503                | cold  | veeam       | 200 new                    | -    | 2/1   | -         | none         | none
        vault write: 503                | warm  | clients     | 200 new                    | -    | 1     | 0         | old          | -
        vault write: 503                | warm  | veeam       | 200 new                    | -    | 1     | -         | old          | old, dead
        vault write: no answer          | cold  | clients     | 200 new                    | -    | 1     | 1         | none         | -
        vault write: no answer          | cold  | veeam       | 200 new                    | -    | 2/1   | -         | none         | none
        vault write: no answer          | warm  | clients     | 200 old                    | -    | 1     | 0         | old          | -
        vault write: no answer          | warm  | veeam       | 200 old                    | -    | 1     | -         | old          | old, dead

        lock: away                      | cold  | clients     | 200 new                    | -    | 1     | 1         | new          | -
        lock: away                      | cold  | veeam       | 503 backing-off            | 5    | 0     | -         | none         | none
        lock: away                      | warm  | clients     | 200 new                    | -    | 1     | 0         | new          | -
        lock: away                      | warm  | veeam       | 200 old                    | -    | 0     | -         | old          | old
        lock: held by another           | cold  | clients     | 503 backing-off            | 5    | 0     | 0         | none         | -
        lock: held by another           | cold  | veeam       | 503 backing-off            | 5    | 0     | -         | none         | none
        lock: held by another           | warm  | clients     | 200 old                    | -    | 0     | 0         | old          | -
        lock: held by another           | warm  | veeam       | 200 old                    | -    | 0     | -         | old          | old
        lock: lost in the middle        | cold  | clients     | 200 new                    | -    | 1     | 1         | new          | -
        lock: lost in the middle        | cold  | veeam       | 503 backing-off            | 1    | 1     | -         | none         | none/new
        lock: lost in the middle        | warm  | clients     | 200 new                    | -    | 1     | 0         | new          | -
        lock: lost in the middle        | warm  | veeam       | 503 backing-off            | 1    | 1     | -         | old          | new
        """;

    /// <summary>Every row once for each of its vendors.</summary>
    public static IReadOnlyList<(string Vendor, string Fault, string Start, Expectation Expected)> All { get; } =
    [
        .. from line in Rows.Split('\n').Skip(1)
        where line.Length > 0
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        from vendor in Vendors(cells[2])
        let discovery = vendor is "avepoint" or "backupnet" ? cells[6] : "-"
        select (
            vendor,
            cells[0],
            cells[1],
            new Expectation(cells[3], cells[4], Cell(cells[5], vendor), discovery, cells[7], Cell(cells[8], vendor))
        ),
    ];

    /// <summary>Of two values the first is for accounts with a second factor, the other for those without.</summary>
    private static string Cell(string cell, string vendor) =>
        cell.Split('/') is [var with, var without] ? (vendor is "veeam" or "veeam-vspc" ? with : without) : cell;

    private static string[] Vendors(string group) =>
        group switch
        {
            "clients" => [.. Vendors("secrets"), "avepoint"],
            "secrets" => ["acronis", "acronis-cyberapp", "backupnet", "druva", "msp360", "ncentral", "rubrik"],
            "veeam" => [.. Vendors("kept"), "veeam-vspc"],
            "kept" => ["veeam", "veeam-vb365", "veeam-vbr"],
            "discovering" => ["avepoint", "backupnet"],
            _ => [group],
        };
}
