using System.Text.Json.Nodes;

namespace BackupFunctions.Emulators;

/// <summary>What distinguishes Veeam's products: paths, names in forms, headers, and how errors look.</summary>
public sealed record VeeamProduct
{
    /// <summary>
    /// Veeam Backup for Microsoft Azure (helpcenter.veeam.com, "REST API, Requesting Authorization").
    /// </summary>
    public static VeeamProduct BackupForAzure { get; } =
        new()
        {
            Name = "veeam",
            TokenPath = "/api/oauth2/token",
            ApiPath = "/api/v",
            SignOut = (HttpMethods.Delete, "/api/oauth2/token"),
            PasswordGrant = "Password",
            RefreshGrant = "Refresh_token",
            MfaGrant = "Mfa",
            UsernameField = "Username",
            PasswordField = "Password",
            Error = (status, _, detail) =>
                status == StatusCodes.Status400BadRequest
                    ? ProblemReply.BadRequest(detail)
                    : ProblemReply.Unauthorized(detail),
        };

    /// <summary>
    /// Veeam Service Provider Console 7 to 9 (helpcenter.veeam.com, "VSPC REST API, Authorization"): a new sign-in ends
    /// the account's earlier sessions.
    /// </summary>
    public static VeeamProduct ServiceProviderConsole { get; } =
        new()
        {
            Name = "veeam-vspc",
            TokenPath = "/api/v3/token",
            ApiPath = "/api/v3/",
            MfaGrant = "mfa",
            RefusalStatus = StatusCodes.Status400BadRequest,
            SignInEndsEarlierSessions = true,
        };

    /// <summary>
    /// Veeam Backup &amp; Replication 12 and 13 (helpcenter.veeam.com, "VBR REST API, Requesting Authorization"): every
    /// call needs the header <c>x-api-version</c>, and there is no second factor.
    /// </summary>
    public static VeeamProduct BackupAndReplication { get; } =
        new()
        {
            Name = "veeam-vbr",
            TokenPath = "/api/oauth2/token",
            ApiPath = "/api/v",
            SignOut = (HttpMethods.Post, "/api/oauth2/logout"),
            RequiredHeader = "x-api-version",
            Error = (status, error, detail) =>
                Reply.Json(status, new JsonObject { ["errorCode"] = error, ["message"] = detail }),
        };

    /// <summary>
    /// Veeam Backup for Microsoft 365 8 (helpcenter.veeam.com, "VB365 REST API, Requesting Authorization").
    /// </summary>
    public static VeeamProduct BackupForMicrosoft365 { get; } =
        new()
        {
            Name = "veeam-vb365",
            TokenPath = "/v8/token",
            ApiPath = "/v8/",
            RefusalStatus = StatusCodes.Status400BadRequest,
        };

    /// <summary>The name in routes and secret names.</summary>
    public required string Name { get; init; }

    /// <summary>Where tokens are issued.</summary>
    public required string TokenPath { get; init; }

    /// <summary>How the paths of the API begin.</summary>
    public required string ApiPath { get; init; }

    /// <summary>The method and the path that end a session; null if there is none.</summary>
    public (string Method, string Path)? SignOut { get; init; }

    /// <summary>A header that every call must have; null for none.</summary>
    public string? RequiredHeader { get; init; }

    /// <summary>The grant type of a sign-in with a password.</summary>
    public string PasswordGrant { get; init; } = "password";

    /// <summary>The grant type of a renewal.</summary>
    public string RefreshGrant { get; init; } = "refresh_token";

    /// <summary>The grant type of a one-time code; null if the product has no second factor.</summary>
    public string? MfaGrant { get; init; }

    /// <summary>The field with the user name.</summary>
    public string UsernameField { get; init; } = "username";

    /// <summary>The field with the password.</summary>
    public string PasswordField { get; init; } = "password";

    /// <summary>Whether a new sign-in ends the account's earlier sessions.</summary>
    public bool SignInEndsEarlierSessions { get; init; }

    /// <summary>The status of a refused password or code.</summary>
    public int RefusalStatus { get; init; } = StatusCodes.Status401Unauthorized;

    /// <summary>The reply to a refused request, from status, error code and description.</summary>
    internal Func<int, string, string, Reply> Error { get; init; } = OAuthReply.Error;
}
