using BackupFunctions.Connections;
using BackupFunctions.Core.Tests.Fakes;
using BackupFunctions.Renewal;
using BackupFunctions.Settings;
using BackupFunctions.Testing;
using BackupFunctions.Web;
using BackupFunctions.Web.Access;
using BackupFunctions.Web.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Core.Tests.Web;

/// <summary>The handlers of one process of a <see cref="TokenWorld"/>.</summary>
internal sealed class Front
{
    public Front(
        TokenWorld world,
        HostingPlatform? platform = null,
        bool requiresRoles = false,
        ILoggerFactory? logs = null,
        AccessOptions? access = null
    )
    {
        logs ??= LoggerFactory.Create(logging => logging.AddSuiteLog().AddRecorder(Log));
        var audit = new AuditTrail(logs);
        platform ??= new HostingPlatform(IsLocal: false, AuthenticatesCallers: false);
        access ??= new AccessOptions(Needed(platform, requiresRoles));
        Admission = new RequestAdmission(new AccessGate(platform, access), audit);
        var directory = new ConnectionDirectory([world.Vendor.Profile], world.Connections);
        var reloader = new ConnectionReloader(directory, world.Time, logs.CreateLogger<ConnectionReloader>());
        var requests = new ConnectionRequests(directory, reloader, logs.CreateLogger<ConnectionRequests>());
        var (broker, tenants) = (world.Process.Broker, world.Process.Tenants);
        Handlers = new TokenHandlers(Admission, audit, requests, broker, tenants, world.Time);
        Operators = new OperatorHandlers(Admission, audit, requests, broker, new RenewalOptions(), world.Time);
    }

    /// <summary>The log of the handlers.</summary>
    public LogRecorder Log { get; } = new();

    public RequestAdmission Admission { get; }

    public TokenHandlers Handlers { get; }

    public OperatorHandlers Operators { get; }

    public DefaultHttpContext Context { get; } = new();

    /// <summary>The audit events, with their fields.</summary>
    public IReadOnlyList<RecordedEvent> Audited => [.. Log.Events.Where(one => one.Category == AuditTrail.Category)];

    public async Task<Answer> GetAsync(
        string vendor = FakeVendor.VendorName,
        string? connection = null,
        string query = "",
        CancellationToken cancellationToken = default
    )
    {
        Context.Request.QueryString = new QueryString(query);
        Context.Request.Path = $"/api/GetToken/{vendor}";
        return await Answer.OfAsync(
            await Handlers.GetTokenAsync(Context.Request, vendor, connection, cancellationToken),
            Context
        );
    }

    private static BackupFunctions.Settings.Admission Needed(HostingPlatform platform, bool requiresRoles)
    {
        if (requiresRoles)
            return BackupFunctions.Settings.Admission.KeysAndAppRoles;
        return platform.IsLocal ? BackupFunctions.Settings.Admission.Everyone : BackupFunctions.Settings.Admission.Keys;
    }

    public async Task<Answer> RefreshAsync(string vendor = FakeVendor.VendorName, string? connection = null) =>
        await Answer.OfAsync(
            await Operators.RefreshAsync(Context.Request, vendor, connection, CancellationToken.None),
            Context
        );
}
