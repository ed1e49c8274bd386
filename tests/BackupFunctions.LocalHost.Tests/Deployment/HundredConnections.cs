namespace BackupFunctions.LocalHost.Tests.Deployment;

/// <summary>
/// The parameters of a deployment with a hundred connections, of vendors that Bicep has a type for and of others.
/// </summary>
internal static class HundredConnections
{
    public const string Operator = "aaaaaaaa-0000-0000-0000-000000000001";
    public const string Reader = "aaaaaaaa-0000-0000-0000-000000000002";
    public const string Schedule = "0 */2 * * * *";

    public static IReadOnlyDictionary<string, object> Parameters { get; } =
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["connections"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["Acronis"] = Many(40, number => new
                {
                    DataCenterUrl = "https://eu8-cloud.acronis.com",
                    ClientId = Id(number),
                }),
                ["Veeam"] = Many(40, number => new
                {
                    BaseUrl = $"https://203.0.113.{number}",
                    Username = "it's ${me}\\you",
                    RefreshBefore = 600,
                }),
                ["Druva"] = Many(20, number => new { ClientId = Id(number) }),
            },
            ["schedules"] = new { Veeam = Schedule },
            ["credentialOperators"] = new[] { Operator },
            ["tokenReaders"] = new[] { Reader },
        };

    private static Dictionary<string, object> Many(int count, Func<int, object> connection) =>
        Enumerable.Range(1, count).ToDictionary(number => $"customer{number}", connection, StringComparer.Ordinal);

    private static string Id(int number) => $"10000000-0000-0000-0000-{number:d12}";
}
