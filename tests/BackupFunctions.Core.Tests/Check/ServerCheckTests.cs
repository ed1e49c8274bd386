using System.Net;
using System.Net.Security;
using BackupFunctions.Check;
using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Emulators;
using BackupFunctions.SignIn.Transport;
using BackupFunctions.Testing;
using BackupFunctions.Vendors;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Check;

public sealed class ServerCheckTests
{
    [Fact]
    public async Task Servers_that_answer_are_good_and_nothing_is_signed_in_to_find_out()
    {
        await using var world = await CheckWorld.StartAsync();

        var report = await world.LookAsync();

        Assert.Equal(
            ["credential-good", "server-reached", "server-plain", "discovery-good", "clock-good"],
            report.Ids("backupnet/default")
        );
        Assert.Contains("discovery-good", report.Ids("avepoint/default"));
        Assert.Matches(
            "^The certificate matches the pin [(]subject localhost, issuer localhost[)]; it expires on 20[0-9-]{8}[.]$",
            report.One("certificate-good", "veeam/default").Sentence
        );
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task An_unreachable_server_is_an_error_and_its_connection_is_not_signed_in()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Acronis:default:DataCenterUrl"] = "http://127.0.0.1:1" }
        );

        var report = await world.CheckAsync(new CheckRequest { Vendor = "acronis" });

        var finding = report.One("server-unreachable", "acronis/default");
        Assert.Equal("Could not connect to 127.0.0.1:1: connection refused.", finding.Sentence);
        Assert.Contains("Connections:Acronis:default:DataCenterUrl", finding.Remedy!, StringComparison.Ordinal);
        Assert.Equal(
            "Skipped, because its server cannot be used.",
            report.One("sign-in-left-out", "acronis/default").Sentence
        );
    }

    [Fact]
    public async Task A_name_unknown_to_dns_is_a_finding_of_its_own()
    {
        var network = new StubNetwork(TimeProvider.System).Fails(
            new HttpRequestException(HttpRequestError.NameResolutionError)
        );
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.Servers(network));

        var finding = (await world.LookAsync("veeam")).One("server-name-unknown", "veeam/default");

        Assert.Equal("DNS does not know 127.0.0.1.", finding.Sentence);
        Assert.Equal("nslookup 127.0.0.1", finding.Command);
    }

    [Theory]
    [InlineData(503, "server-failing")]
    [InlineData(501, "server-reached")]
    [InlineData(404, "server-reached")]
    [InlineData(302, "server-reached")]
    public async Task Any_answer_but_a_server_error_counts_as_reached(int status, string id)
    {
        var network = new StubNetwork(TimeProvider.System).Answers((HttpStatusCode)status);
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.Servers(network));

        Assert.Contains(id, (await world.LookAsync("acronis")).Ids("acronis/default"));
        Assert.Equal("HEAD", network.Sent[0].Method.ToString());
    }

    [Fact]
    public async Task A_self_signed_certificate_without_a_pin_is_an_error_that_offers_the_pin()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Veeam:default:ServerCertificateSha256"] = null }
        );

        var finding = (await world.LookAsync("veeam")).One("certificate-not-trusted", "veeam/default");

        Assert.Contains("(subject localhost, issuer localhost)", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("Compare it", finding.Remedy!, StringComparison.Ordinal);
        Assert.Equal(
            $"Connections__Veeam__default__ServerCertificateSha256={world.Emulators.Veeam.CertificateSha256}",
            finding.Command,
            ignoreCase: true
        );
    }

    [Fact]
    public async Task A_certificate_that_does_not_match_the_pin_is_an_error_and_nothing_is_signed_in()
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?>
            {
                ["Connections:Veeam:default:ServerCertificateSha256"] = new string('A', 64),
            }
        );

        var report = await world.CheckAsync(new CheckRequest { Vendor = "veeam" });

        Assert.Contains(
            "does not match the pin (AAAAAAAAAAAAAAAA…)",
            report.One("certificate-not-pinned", "veeam/default").Sentence,
            StringComparison.Ordinal
        );
        report.One("sign-in-left-out", "veeam/default");
        Assert.Equal(0, world.TokenRequests);
    }

    [Theory]
    [InlineData(true, 29, "certificate-expiring")]
    [InlineData(true, 31, "certificate-good")]
    [InlineData(true, -1, "certificate-expiring")]
    [InlineData(false, 8, "certificate-good")]
    [InlineData(false, 6, "certificate-expiring")]
    public async Task The_warning_about_a_pinned_certificate_comes_earlier_than_about_a_public_one(
        bool isPinned,
        int days,
        string id
    )
    {
        await using var world = await CheckWorld.StartAsync(
            isPinned
                ? null
                : new Dictionary<string, string?> { ["Connections:Veeam:default:ServerCertificateSha256"] = null }
        );
        var now = TimeProvider.System.GetUtcNow();
        var answer = new ServerProbeResult
        {
            Certificate = new ServerCertificate(
                "contoso",
                "Contoso CA",
                new string('B', 64),
                now.AddYears(-1),
                now.AddDays(days).AddHours(1)
            ),
        };

        var finding = new ServerCertificateCheck(TimeProvider.System).Find(ServerOf(world), answer);

        Assert.Equal(id, finding.Type.Id);
    }

    [Theory]
    [InlineData(SslPolicyErrors.RemoteCertificateNameMismatch, "is for another name.")]
    [InlineData(SslPolicyErrors.RemoteCertificateChainErrors, "is not trusted.")]
    public async Task The_finding_says_why_a_certificate_is_not_trusted(SslPolicyErrors errors, string words)
    {
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?> { ["Connections:Veeam:default:ServerCertificateSha256"] = null }
        );
        using var shown = TestCertificates.Rsa(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddYears(1)
        );

        var refused = new CertificateRefusedException(ServerCertificate.Of(shown, chain: null, errors), pin: null);
        var server = ServerOf(world);
        var finding = new ServerCertificateCheck(TimeProvider.System).Find(
            server,
            new ServerProbeResult { Failure = NetworkFailure.Of(refused, server.Address) }
        );

        Assert.EndsWith(words, finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_trusted()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.AvePoint.Issuer = "https://login.contoso.example";

        var report = await world.CheckAsync(new CheckRequest { Vendor = "avepoint" });

        Assert.Contains(
            "names another issuer",
            report.One("discovery-not-trusted", "avepoint/default").Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task A_page_in_place_of_a_discovery_document_is_unusable()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.BackupNet.Faults.Add(Endpoints.Discovery, Fault.Html());

        Assert.Contains(
            "is not a discovery document",
            (await world.LookAsync("backupnet")).One("discovery-unusable", "backupnet/default").Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(300, "5 min ahead.")]
    [InlineData(-300, "5 min behind.")]
    public async Task A_clock_off_by_more_than_a_minute_is_a_warning_that_names_the_direction(int seconds, string words)
    {
        var network = new StubNetwork(TimeProvider.System).Answers(() =>
            StubNetwork.Reply(
                HttpStatusCode.OK,
                "",
                "text/plain",
                ("Date", TimeProvider.System.GetUtcNow().AddSeconds(seconds).AddSeconds(0.9).ToString("R"))
            )
        );
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.Servers(network));

        var finding = (await world.LookAsync("acronis")).One("clock-off", "acronis/default");

        Assert.EndsWith(words, finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Warning, finding.Type.Level);
    }

    [Theory]
    [InlineData]
    [InlineData("Date", "Sun, 22 Nov 2020 12:00:00 GMT", "Age", "3000")]
    public async Task A_server_without_a_date_or_behind_a_cache_leaves_its_clock_unknown(params string[] headers)
    {
        (string, string)[] pairs = [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))];
        var network = new StubNetwork(TimeProvider.System).Answers(HttpStatusCode.OK, "", "text/plain", pairs);
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.Servers(network));

        Assert.Equal(
            FindingLevel.Skipped,
            (await world.LookAsync("acronis")).One("clock-unknown", "acronis/default").Type.Level
        );
    }

    [Fact]
    public async Task A_server_that_several_connections_share_is_asked_once()
    {
        var network = new StubNetwork(TimeProvider.System).Answers(HttpStatusCode.OK);
        await using var world = await CheckWorld.StartAsync(
            new Dictionary<string, string?>
            {
                ["Connections:Acronis:default:DataCenterUrl"] = "https://eu8-cloud.acronis.com",
                ["Connections:Acronis:contoso:DataCenterUrl"] = "https://eu8-cloud.acronis.com",
                ["Connections:Acronis:contoso:ClientId"] = "x",
            },
            services: CheckWorld.Servers(network)
        );

        var report = await world.LookAsync("acronis");

        Assert.Equal("acronis at eu8-cloud.acronis.com", report.One("server-reached").Subject);
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task A_hanging_server_delays_no_other()
    {
        await using var world = await CheckWorld.StartAsync(services: CheckWorld.WithShortSteps);
        world.Emulators.BackupNet.Faults.Add("*", Fault.Hang());

        var report = await world.CheckAsync();

        Assert.Equal(
            $"{world.Emulators.BackupNet.BaseAddress.Authority} did not answer in time.",
            report.One("server-unreachable", "backupnet/default").Sentence
        );
        Assert.Equal(
            VendorProfiles.BuiltIn.Count - 1,
            report.Findings.Count(finding => finding.Type.Id == "sign-in-good")
        );
    }

    [Fact]
    public void Untrusted_certificate_names_bring_no_special_characters_into_a_finding()
    {
        using var shown = EmulatedCredentials.NewCertificate(TimeProvider.System, "CN=\"[red]evil[/]\u001b\"");

        Assert.Equal("redevil", ServerCertificate.Of(shown, chain: null, SslPolicyErrors.None).Subject);
    }

    private static SignInServer ServerOf(CheckWorld world)
    {
        var directory = world.Services.GetRequiredService<ConnectionDirectory>();
        return new SignInServer([directory.Find(directory.FindVendor("veeam")!, "default")!]);
    }
}
