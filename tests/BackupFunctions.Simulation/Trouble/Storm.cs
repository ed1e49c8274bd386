using BackupFunctions.Testing;

namespace BackupFunctions.Simulation;

/// <summary>A period with one to four kinds of trouble at once.</summary>
internal sealed class Storm
{
    private static readonly Mishap[] VendorMishaps =
    [
        Mishap.Unreachable,
        Mishap.ResetBefore,
        Mishap.ResetAfter,
        Mishap.HangBefore,
        Mishap.HangAfter,
        Mishap.Slow,
        Mishap.ThrottledSeconds,
        Mishap.ThrottledDate,
        Mishap.ThrottledBare,
        Mishap.Error500,
        Mishap.Error502,
        Mishap.Unavailable503,
        Mishap.Unknown520,
        Mishap.HtmlPage,
        Mishap.HtmlError,
        Mishap.Truncated,
        Mishap.Empty,
    ];

    private static readonly Mishap[] VaultMishaps =
    [
        Mishap.Unreachable,
        Mishap.ResetBefore,
        Mishap.ResetAfter,
        Mishap.HangBefore,
        Mishap.HangAfter,
        Mishap.Slow,
        Mishap.ThrottledSeconds,
        Mishap.Error500,
        Mishap.Unavailable503,
        Mishap.Forbidden403,
        Mishap.HtmlPage,
        Mishap.Truncated,
    ];

    private readonly World _world;
    private readonly SeededRandom _chance;
    private readonly (string Name, Action Begin)[] _kinds;
    private readonly List<Action> _ends = [];
    private bool _isOver;

    public Storm(World world)
    {
        _world = world;
        _chance = world.Chance;
        _kinds =
        [
            ("vendor", VendorTrouble),
            ("vendor", VendorTrouble),
            ("vault", VaultTrouble),
            ("storage", StorageTrouble),
            ("locks", LockTrouble),
            ("kills", Kills),
            ("kills", Kills),
            ("restarts", Restarts),
            ("rotation", Rotation),
            ("revocation", Revocation),
            ("clock", ClockTrouble),
            ("host clock", HostClockTrouble),
            ("host clock", HostClockTrouble),
            ("disabled", Disabled),
            ("secret", SecretTrouble),
        ];
    }

    public double DeathAfterGrant { get; private set; }

    public void Begin()
    {
        for (var left = 1 + _chance.Below(4); left > 0; left--)
        {
            var (name, begin) = _chance.Of(_kinds);
            _world.Note($"storm: {name}");
            begin();
        }
    }

    public void End()
    {
        _isOver = true;
        foreach (var end in _ends)
        {
            end();
        }
    }

    private void VendorTrouble() => Trouble(_world.ServerOf(OneAccount().Vendor.BaseAddress), VendorMishaps);

    private void VaultTrouble() => Trouble(_world.VaultServer, VaultMishaps);

    private void Trouble(Server server, Mishap[] mishaps)
    {
        // Sometimes any mishap may happen, sometimes always the same one.
        server.Mishaps = _chance.Hits(0.5) ? mishaps : [_chance.Of(mishaps)];
        server.Trouble = _chance.Of(0.1, 0.3, 0.6, 1.0);
        _ends.Add(() => server.Trouble = 0);
    }

    /// <summary>Locks and ledger share the storage.</summary>
    private void StorageTrouble()
    {
        Again(TimeSpan.FromMinutes(10), () => SetStorage(isUp: !_world.Locks.IsUp));
        SetStorage(isUp: false);
        _ends.Add(() => SetStorage(isUp: true));
    }

    private void SetStorage(bool isUp)
    {
        _world.Note(isUp ? "storage is up" : "storage is down");
        _world.Locks.IsUp = isUp;
        _world.StorageServer.Mishaps = [Mishap.Unavailable503, Mishap.HangBefore, Mishap.Unreachable];
        _world.StorageServer.Trouble = isUp ? 0 : 1;
    }

    private void LockTrouble() => Again(TimeSpan.FromMinutes(1), _world.Locks.BreakAll);

    private void Kills()
    {
        DeathAfterGrant = _chance.Of(0, 0.2, 0.6);
        Again(_chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15)), () =>
        {
            if (_world.Instances.Any() is { } instance)
            {
                _world.Instances.Kill(instance, "by chance");
            }
        });
    }

    private void Restarts() => Again(_chance.Between(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20)), () =>
        {
            if (_world.Instances.Any() is { } instance)
            {
                _world.Instances.Stop(instance);
            }
        });

    private void Rotation()
    {
        var account = OneAccount();
        var (first, second) = _chance.Hits(0.5)
            ? ((Action<int>)account.SetAtVendor, (Action<int>)account.SetInVault)
            : (account.SetInVault, account.SetAtVendor);
        var next = Math.Max(account.AtVendor, account.InVault) + 1;
        _world.Note($"{account.Key} rotates to {next}, {(first == account.SetAtVendor ? "vendor" : "vault")} first");
        first(next);
        After(_chance.Between(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(60)), () => second(next));
        _ends.Add(() =>
        {
            var last = Math.Max(account.AtVendor, account.InVault);
            if (!account.AreCredentialsEqual)
            {
                _world.Note($"{account.Key} has rotated to {last}");
                (account.AtVendor < last ? (Action<int>)account.SetAtVendor : account.SetInVault)(last);
            }
        });
    }

    private void Revocation() => Again(_chance.Between(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(60)), () =>
        {
            var account = OneAccount();
            if (account.Veeam is { } veeam && _chance.Hits(0.3))
            {
                _world.Note($"{account.Key}: all sessions ended");
                account.Excuse = "the vendor ended its sessions";
                veeam.EndAllSessions();
            }
            else
            {
                _world.Note($"{account.Key}: tokens revoked");
                account.Vendor.RevokeAllTokens();
            }
        });

    private void ClockTrouble()
    {
        var account = OneAccount();
        SetClock(account, _chance.Between(TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10)));
        Again(TimeSpan.FromMinutes(40), () =>
            SetClock(account, _chance.Between(TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10)))
        );
        if (_chance.Hits(0.6))
        {
            _ends.Add(() => SetClock(account, TimeSpan.Zero));
        }
    }

    private void SetClock(Account account, TimeSpan offset)
    {
        var ahead = offset - account.Vendor.ClockOffset;
        _world.Note($"the clock of {account.Key.Vendor} is set by {ahead.TotalSeconds:F0} s");
        account.Vendor.ClockOffset = offset;

        // A vendor whose clock was set back sees used one-time codes again, until the clock is where it was.
        if (account.Veeam is not null && ahead < TimeSpan.Zero)
        {
            account.HealthyFrom = _world.Now - ahead + TimeSpan.FromMinutes(1);
        }
    }

    /// <summary>An instance's clock is set back and forth; sometimes nobody puts it right afterwards.</summary>
    private void HostClockTrouble()
    {
        StepClock();
        Again(TimeSpan.FromMinutes(20), StepClock);
        if (_chance.Hits(0.5))
        {
            _ends.Add(() =>
            {
                foreach (var instance in _world.Instances.All.Where(static one => one.System.Ahead != TimeSpan.Zero))
                {
                    _world.Instances.SetClock(instance, TimeSpan.Zero);
                }
            });
        }
    }

    private void StepClock()
    {
        if (_world.Instances.Any() is { } instance)
        {
            _world.Figures.ClockSteps++;
            _world.Instances.SetClock(instance, _chance.Between(TimeSpan.FromMinutes(-15), TimeSpan.FromMinutes(15)));
        }
    }

    private void Disabled()
    {
        var account = OneAccount();
        _world.Note($"{account.Key} disabled");
        account.Vendor.ClientDisabled = true;
        _ends.Add(() => account.Vendor.ClientDisabled = false);
        After(_chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60)), () =>
            account.Vendor.ClientDisabled = false
        );
    }

    private void SecretTrouble()
    {
        var name = OneAccount().Connection.Credentials[0].Name;
        _world.Note($"secret {name} disabled");
        _world.Vault.Secrets.Disable(name);
        _ends.Add(() => EnableAll(name));
        After(_chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60)), () => EnableAll(name));
    }

    private void EnableAll(string name)
    {
        foreach (var version in _world.Vault.Secrets.Versions(name).Where(static version => !version.Enabled))
        {
            _world.Vault.Secrets.Enable(name, version.Version);
        }
    }

    private Account OneAccount() => _world.Accounts[_chance.Below(_world.Accounts.Count)];

    private void After(TimeSpan wait, Action happen) => _world.In(wait, null, () =>
        {
            if (!_isOver)
            {
                happen();
            }
        });

    private void Again(TimeSpan mean, Action happen) => After(_chance.Until(mean), () =>
        {
            happen();
            Again(mean, happen);
        });
}
