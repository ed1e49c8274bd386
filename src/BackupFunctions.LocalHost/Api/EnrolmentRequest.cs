using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace BackupFunctions.LocalHost.Api;

/// <summary>
/// The body of Enroll. Only described: with <c>Accepts</c> routing would refuse other content types with 415.
/// </summary>
internal sealed record EnrolmentRequest(
    [property:
        Description("The digits that the authenticator app shows, for example 123456."),
        DataType(DataType.Password)
    ]
        string Code
);
