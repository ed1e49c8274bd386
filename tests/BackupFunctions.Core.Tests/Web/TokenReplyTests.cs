using BackupFunctions.Core.Tests.SignIn;
using BackupFunctions.Testing;
using BackupFunctions.Tokens;
using BackupFunctions.Web;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Core.Tests.Web;

public sealed class TokenReplyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 3600)]
    [InlineData(0.1, 3600)]
    [InlineData(0.2, 3600)]
    [InlineData(0.6, 3599)]
    [InlineData(1.4, 3599)]
    [InlineData(1.6, 3598)]
    [InlineData(1.7, 3598)]
    [InlineData(3599, 1)]
    [InlineData(4000, 0)]
    public async Task A_reply_states_the_whole_seconds_that_remain(double secondsLater, int remaining)
    {
        var token = new AccessToken(SuiteLog.Guard("token-of-a-reply"), scope: null, Now, Now.AddSeconds(3600.5));

        var reply = Reply.OfToken(Bench.Pinned(), token, Now.AddSeconds(secondsLater));

        var answer = await Answer.OfAsync(reply, new DefaultHttpContext());
        Assert.Equal(remaining, (int)answer.Json["expires_in"]!);
    }
}
