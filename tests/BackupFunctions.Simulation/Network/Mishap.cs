namespace BackupFunctions.Simulation;

/// <summary>What may go wrong with one call.</summary>
internal enum Mishap
{
    None,

    /// <summary>No connection is made.</summary>
    Unreachable,

    /// <summary>The connection breaks before the server has read the request; the client cannot tell.</summary>
    ResetBefore,

    /// <summary>The server does what it was asked, and its answer is lost.</summary>
    ResetAfter,

    /// <summary>Nothing happens, and no answer comes.</summary>
    HangBefore,

    /// <summary>The server does what it was asked, and no answer comes.</summary>
    HangAfter,

    /// <summary>Answered, but seconds later than usual.</summary>
    Slow,

    ThrottledSeconds,

    ThrottledDate,

    ThrottledBare,

    Error500,

    Error502,

    Unavailable503,

    Unknown520,

    HtmlPage,

    HtmlError,

    Forbidden403,

    /// <summary>The server does what it was asked, and half of its answer arrives.</summary>
    Truncated,

    /// <summary>The server does what it was asked, and an empty answer arrives.</summary>
    Empty,
}
