using BackupFunctions.Core.Tests.Check;
using BackupFunctions.Emulators;
using BackupFunctions.Testing;
using BackupFunctions.Web;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.Core.Tests.Web;

public sealed class CheckHandlersTests
{
    [Fact]
    public async Task The_reply_is_200_with_every_finding_whatever_was_found()
    {
        await using var world = await CheckWorld.StartAsync();
        world.Emulators.Vault.Secrets.Delete("backupnet-default-client-secret");

        var answer = await AskAsync(world, "?signIn=false");

        Assert.Equal(
            (200, "application/json", "no-store"),
            (answer.Status, answer.ContentType, answer.Headers.CacheControl.ToString())
        );
        Assert.Equal(
            ["checked_at", "took_ms", "exit_status", "counts", "findings"],
            answer.Json.Select(member => member.Key)
        );
        Assert.Equal(2, (int)answer.Json["exit_status"]!);
        Assert.Equal(
            ["ok", "skipped", "warning", "error"],
            answer.Json["counts"]!.AsObject().Select(member => member.Key)
        );
        Assert.Equal(1, (int)answer.Json["counts"]!["error"]!);
        var finding = answer.Json["findings"]!
            .AsArray()
            .Single(finding => (string)finding!["level"]! == "error")!
            .AsObject();
        Assert.Equal(
            ["id", "group", "level", "subject", "sentence", "remedy", "command"],
            finding.Select(member => member.Key)
        );
        Assert.Equal(
            ("credential-missing", "credentials", "backupnet/default"),
            ((string)finding["id"]!, (string)finding["group"]!, (string)finding["subject"]!)
        );
        Assert.Contains(answer.Json["findings"]!.AsArray(), found => (string)found!["group"]! == "sign-ins");
        Assert.Equal(0, world.TokenRequests);
    }

    [Fact]
    public async Task It_signs_in_unless_it_is_told_not_to_and_can_be_narrowed()
    {
        var log = new LogRecorder();
        await using var world = await CheckWorld.StartAsync(services: services =>
        {
            services.AddLogging(logging => logging.AddRecorder(log));
            CheckWorld.Deployed(services);
        });

        var answer = await AskAsync(world, "?vendor=veeam&connection=default");

        Assert.Equal(
            "Check of veeam/default with sign-ins, started by a caller with a function key.",
            Assert.Single(log.Events, one => one.Category == AuditTrail.Category).Message
        );
        Assert.Contains(answer.Json["findings"]!.AsArray(), finding =>
            (string)finding!["id"]! == "sign-in-good" && (string)finding["subject"]! == "veeam/default"
        );
        Assert.Equal(world.Emulators.Veeam.Counters[Endpoints.Token], world.TokenRequests);
    }

    [Theory]
    [InlineData("?signIn=maybe", 400, "invalid-parameter")]
    [InlineData("?probeSave=1", 400, "invalid-parameter")]
    [InlineData("?connection=contoso", 400, "invalid-parameter")]
    [InlineData("?vendor=acronis&connection=con%20toso", 400, "invalid-parameter")]
    [InlineData("?vendor=nobody", 404, "unknown-vendor")]
    public async Task A_bad_parameter_is_a_problem_and_nothing_is_checked(string query, int status, string problem)
    {
        await using var world = await CheckWorld.StartAsync();

        var answer = await AskAsync(world, query);

        Assert.Equal((status, problem), (answer.Status, answer.ProblemType));
        Assert.Equal(0, world.Emulators.Vault.Counters.Total);
    }

    [Fact]
    public async Task A_caller_who_has_gone_gets_nothing()
    {
        await using var world = await CheckWorld.StartAsync();

        var result = await world
            .Services.GetRequiredService<CheckHandlers>()
            .CheckAsync(new DefaultHttpContext().Request, new CancellationToken(canceled: true));

        Assert.Same(Results.Empty, result);
    }

    private static async Task<Answer> AskAsync(CheckWorld world, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return await Answer.OfAsync(
            await world
                .Services.GetRequiredService<CheckHandlers>()
                .CheckAsync(context.Request, TestContext.Current.CancellationToken),
            context
        );
    }
}
