namespace BackupFunctions.Emulators;

/// <summary>The two Acronis sign-ins, which differ in their path.</summary>
public enum AcronisProduct
{
    /// <summary>Cyber Protect Cloud, <c>/api/2/idp/token</c>.</summary>
    CyberProtectCloud,

    /// <summary>CyberApp, <c>/bc/idp/token</c>.</summary>
    CyberApp,
}
