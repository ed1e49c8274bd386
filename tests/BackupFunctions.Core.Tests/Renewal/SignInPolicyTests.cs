using BackupFunctions.Ledger;
using BackupFunctions.Renewal;
using BackupFunctions.Tokens;

namespace BackupFunctions.Core.Tests.Renewal;

/// <summary>Tables of cases: a record, a request and an instant decide, without a clock, a store or a fake.</summary>
public sealed class SignInPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenFailure Down = new(FailureKind.VendorUnavailable, "It is down.");
    private static readonly TokenFailure Refused = new(FailureKind.CredentialsRefused, "It was refused.");

    private static readonly SignInRequest Caller = new();
    private static readonly SignInRequest Operator = new() { ByOperator = true };
    private static readonly SignInRequest Rotating = new() { RotatesRefreshTokens = true };
    private static readonly SignInRequest WithNewCredentials = new() { HasNewCredentials = true };
    private static readonly SignInRequest Rejected = new() { RejectionHoldUntil = Now.AddSeconds(30) };

    private static readonly LedgerEntry BackingOff = new() { LastFailure = Down, NextAttempt = Now.AddSeconds(20) };
    private static readonly LedgerEntry Held = new()
    {
        LastFailure = Refused,
        NextAttempt = Now.AddMinutes(50),
        RefusedCredentialVersion = "secret=v1",
        Refusals = [Now.AddMinutes(-10)],
    };
    private static readonly LedgerEntry LeftAlone = new()
    {
        LastFailure = Refused,
        Refusals = [Now.AddMinutes(-30), Now.AddMinutes(-20), Now.AddMinutes(-10)],
    };
    private static readonly LedgerEntry SignedOut = new() { SignedOutAt = Now.AddDays(-1) };

    private static readonly (string Name, LedgerEntry Record, SignInRequest Request, SignInDecision Expected)[] Cases =
    [
        ("nothing is known", LedgerEntry.Empty, Caller, Allowed(3)),
        ("it backs off", BackingOff, Caller, Wait(SignInObstacle.LastFailure, 20, 3)),
        ("the wait is over", BackingOff with { NextAttempt = Now }, Caller, Allowed(3)),
        ("an operator asks while it backs off", BackingOff, Operator, Allowed(3)),
        ("refused credentials are held", Held, Caller, OperatorNeeded(SignInObstacle.LastFailure, 3000, 2)),
        ("the vault has new credentials", Held, WithNewCredentials, Allowed(2)),
        ("an operator asks while they are held", Held, Operator, Allowed(2)),
        ("three refusals in an hour", LeftAlone, Caller, OperatorNeeded(SignInObstacle.TooManyRefusals, 1800, 0)),
        (
            "new credentials after three",
            LeftAlone,
            WithNewCredentials,
            OperatorNeeded(SignInObstacle.TooManyRefusals, 1800, 0)
        ),
        ("an operator asks after three", LeftAlone, Operator, Allowed(1)),
        (
            "three sign-ins that nobody knows the end of",
            LeftAlone with
            {
                LastFailure = null,
            },
            Caller,
            Wait(SignInObstacle.TooManyRefusals, 1800, 0)
        ),
        (
            "the first of three is an hour old",
            LeftAlone with
            {
                Refusals = [Now.AddHours(-1), Now.AddMinutes(-20), Now.AddMinutes(-10)],
            },
            Caller,
            Allowed(1)
        ),
        (
            "a refresh token that worked since",
            LeftAlone with
            {
                LastSuccess = Now.AddMinutes(-5),
            },
            Rotating,
            Allowed(0)
        ),
        (
            "a refresh token from before",
            LeftAlone with
            {
                LastSuccess = Now.AddMinutes(-15),
            },
            Rotating,
            OperatorNeeded(SignInObstacle.TooManyRefusals, 1800, 0)
        ),
        (
            "a success without refresh tokens",
            LeftAlone with
            {
                LastSuccess = Now.AddMinutes(-5),
            },
            Caller,
            OperatorNeeded(SignInObstacle.TooManyRefusals, 1800, 0)
        ),
        ("the record is not shared", LedgerEntry.Empty with { IsAlone = true }, Caller, Allowed(1)),
        (
            "a refusal while the record is not shared",
            new LedgerEntry { IsAlone = true, Refusals = [Now.AddMinutes(-10)] },
            WithNewCredentials,
            Wait(SignInObstacle.TooManyRefusals, 3000, 0)
        ),
        (
            "a refusal an hour ago while the record is not shared",
            new LedgerEntry { IsAlone = true, Refusals = [Now.AddHours(-1)] },
            Caller,
            Allowed(1)
        ),
        (
            "an operator asks while the record is not shared",
            new LedgerEntry { IsAlone = true, Refusals = [Now.AddMinutes(-10)] },
            Operator,
            Allowed(1)
        ),
        (
            "signed out",
            SignedOut,
            Caller,
            new SignInDecision(SignInVerdict.OperatorNeeded, 3) { Obstacle = SignInObstacle.SignedOut }
        ),
        ("an operator signs it in again", SignedOut, Operator, Allowed(3)),
        ("callers rejected its tokens", LedgerEntry.Empty, Rejected, Wait(SignInObstacle.RejectedTokens, 30, 3)),
        ("an operator asks nevertheless", LedgerEntry.Empty, Rejected with { ByOperator = true }, Allowed(3)),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_record_and_the_request_decide(string name)
    {
        var (_, record, request, expected) = Cases.Single(one => one.Name == name);

        Assert.Equal(expected, SignInPolicy.Decide(record, Now, request));
    }

    [Theory]
    [InlineData(FailureKind.CredentialMissing, false, 3)]
    [InlineData(FailureKind.VaultAccessDenied, false, 3)]
    [InlineData(FailureKind.CredentialMissing, true, 3600)]
    [InlineData(FailureKind.CredentialsRefused, false, 3600)]
    [InlineData(FailureKind.EnrolmentNeeded, false, 3600)]
    [InlineData(FailureKind.VaultAccessDenied, true, 60)]
    [InlineData(FailureKind.VendorUnavailable, true, 60)]
    [InlineData(FailureKind.VendorThrottled, false, 60)]
    [InlineData(FailureKind.ServerNotTrusted, false, 60)]
    public void A_failure_costs_what_waiting_can_gain(FailureKind kind, bool reachedVendor, int seconds)
    {
        var failure = new TokenFailure(kind, "It failed.") { MayHaveReachedVendor = reachedVendor };

        var wait = SignInPolicy.WaitAfter(failure, failuresInRow: 2, hasUntriedCredentials: false, jitter: 0);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Fact]
    public void A_version_that_could_not_be_tried_is_tried_after_the_back_off_and_not_after_the_hold()
    {
        var wait = SignInPolicy.WaitAfter(Refused, failuresInRow: 1, hasUntriedCredentials: true, jitter: 0);

        Assert.Equal(TimeSpan.FromSeconds(30), wait);
    }

    private static SignInDecision Allowed(int left) => new(SignInVerdict.Allowed, left);

    private static SignInDecision Wait(SignInObstacle obstacle, double seconds, int left) =>
        new(SignInVerdict.WaitUntil, left) { Obstacle = obstacle, Until = Now.AddSeconds(seconds) };

    private static SignInDecision OperatorNeeded(SignInObstacle obstacle, double seconds, int left) =>
        new(SignInVerdict.OperatorNeeded, left) { Obstacle = obstacle, Until = Now.AddSeconds(seconds) };
}
