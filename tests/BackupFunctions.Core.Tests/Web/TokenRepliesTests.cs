using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Web;

public sealed class TokenRepliesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly AccessToken _token = new(
        SuiteLog.Guard("token-of-the-kept-replies"),
        scope: null,
        Now,
        Now.AddSeconds(3600.5)
    );
    private readonly Connection _connection = Bench.Pinned();
    private readonly TokenReplies _replies = new();

    [Fact]
    public void A_reply_that_is_asked_for_again_within_the_second_is_written_once_more_and_then_kept()
    {
        var first = _replies.Of(_connection, _token, Now);

        var second = _replies.Of(_connection, _token, Now.AddMilliseconds(100));
        var third = _replies.Of(_connection, _token, Now.AddMilliseconds(200));

        Assert.NotSame(first, second);
        Assert.Same(second, third);
    }

    [Fact]
    public async Task Every_reply_tells_the_seconds_that_are_left_then()
    {
        var left = new List<int>();

        foreach (var now in new[] { 0, 0.1, 0.2, 0.6, 1.4, 1.6, 1.7, 3599, 4000 })
        {
            left.Add((int)(await BodyAsync(_replies.Of(_connection, _token, Now.AddSeconds(now)))).Json["expires_in"]!);
        }

        Assert.Equal([3600, 3600, 3600, 3599, 3599, 3598, 3598, 1, 0], left);
    }

    [Fact]
    public async Task A_connection_that_was_defined_otherwise_has_a_reply_of_its_own()
    {
        var other = new Connection
        {
            Vendor = _connection.Vendor,
            Server = _connection.Server,
            Credential = _connection.Credential,
            Key = _connection.Key,
            TokenSecretName = _connection.TokenSecretName,
            BaseUrl = new Uri("https://api.example/"),
        };
        _replies.Of(_connection, _token, Now);
        _replies.Of(_connection, _token, Now);

        var answer = await BodyAsync(_replies.Of(other, _token, Now));

        Assert.Equal("https://api.example", (string?)answer.Json["base_url"]);
    }

    [Fact]
    public async Task A_kept_reply_can_be_sent_any_number_of_times()
    {
        _replies.Of(_connection, _token, Now);
        var kept = _replies.Of(_connection, _token, Now);

        var answers = await Task.WhenAll(BodyAsync(kept), BodyAsync(kept));

        Assert.Equal(answers[0].Body, answers[1].Body);
        Assert.Equal(_token.Reveal(), (string?)answers[1].Json["access_token"]);
    }

    private static Task<Answer> BodyAsync(IResult reply) => Answer.OfAsync(reply, new DefaultHttpContext());
}
