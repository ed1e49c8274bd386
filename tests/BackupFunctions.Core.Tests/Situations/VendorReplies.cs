using BackupFunctions.Emulators;

namespace BackupFunctions.Core.Tests.Situations;

/// <summary>Replies of token endpoints.</summary>
internal static class VendorReplies
{
    public static IReadOnlyList<Situation> Rows { get; } =
    [
        new("RFC 6749 section 5.1, against it", "expires_in as a text", "200", () =>
            Seen.ByCallerAsync("acronis", world =>
                world.Vendor.Faults.Add(Endpoints.Token, Fault.EditReply(json => json["expires_in"] = "3600"))
            )
        ),
    ];
}
