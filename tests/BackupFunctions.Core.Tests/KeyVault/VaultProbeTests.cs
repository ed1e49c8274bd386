using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Emulators;
using BackupFunctions.KeyVault;
using BackupFunctions.Testing;

namespace BackupFunctions.Core.Tests.KeyVault;

public sealed class VaultProbeTests
{
    private readonly TestTime _time = new() { TimersFireAtOnce = true };
    private readonly EmulatedVault _vault;

    public VaultProbeTests() => _vault = new EmulatedVault(_time);

    [Theory]
    [InlineData("ForbiddenByFirewall", "Firewall")]
    [InlineData("ForbiddenByConnection", "Firewall")]
    [InlineData("ForbiddenByRbac", "Denied")]
    [InlineData("AccessDenied", "Denied")]
    [InlineData("SecretDisabled", "Allowed")]
    public async Task What_a_vault_refuses_is_told_apart_by_its_code(string code, string access)
    {
        _vault.Refuse(Endpoints.Get, 403, "Forbidden", code);

        var result = await Probe().GetAsync("any", TestContext.Current.CancellationToken);

        Assert.Equal(access, result.Access.ToString());
    }

    [Theory]
    [InlineData(401, "NoIdentity")]
    [InlineData(404, "Allowed")]
    [InlineData(409, "Allowed")]
    [InlineData(400, "Unreachable")]
    [InlineData(429, "Unreachable")]
    [InlineData(503, "Unreachable")]
    public async Task Every_other_answer_has_its_meaning(int status, string access)
    {
        _vault.Refuse(Endpoints.Get, status);

        var result = await Probe().GetAsync("any", TestContext.Current.CancellationToken);

        Assert.Equal(access, result.Access.ToString());
    }

    [Fact]
    public async Task The_identity_that_was_refused_is_known_and_nothing_else_of_the_vaults_words()
    {
        const string Body =
            """{"error":{"code":"Forbidden","message":"No.\r\nCaller: appid=11111111-2222-3333-4444-555555555555;oid=8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11;iss=x","innererror":{"code":"ForbiddenByRbac"}}}""";
        _vault.Faults.Add(Endpoints.Set, Fault.Status(403, Body, "application/json"));

        var result = await Probe().SaveAsync("any", TestContext.Current.CancellationToken);

        Assert.Equal(Guid.Parse("8a3f3c0e-52a5-4d2b-9d0a-5b1e0c6f2a11"), result.Caller);
        Assert.DoesNotContain("11111111", result.Problem, StringComparison.Ordinal);
    }

    private VaultProbe Probe() => new(_vault.Client(), _time);
}
