namespace Portal.Web.Admin;

internal enum AdminVerb { CreateOperator, CreateTenant, DeleteTenant, KeepTenant, DispatchStatus, DispatchRelease, VaultStatus, VaultRewrap, VaultRotate, VaultDestroy, PersonCode, PersonReset, PersonSignOut, AuditVerify, Demo }

/// <summary>What was asked for: a verb, the tenant's name where there is one, and options.</summary>
internal sealed class AdminCommand
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    public AdminVerb Verb { get; private init; }

    public string Name { get; private init; } = "";

    public bool Json { get; private set; }

    public string? Option(string name) => _options.GetValueOrDefault(name);

    public bool Has(string flag) => _flags.Contains(flag);

    /// <summary>Null: nothing that is known.</summary>
    public static AdminCommand? Read(IReadOnlyList<string> args)
    {
        var words = args.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
        AdminCommand? command = words switch
        {
            ["operator", "create"] => new() { Verb = AdminVerb.CreateOperator },
            ["tenant", "create", var name] => new() { Verb = AdminVerb.CreateTenant, Name = name },
            ["tenant", "delete"] => new() { Verb = AdminVerb.DeleteTenant },
            ["tenant", "keep"] => new() { Verb = AdminVerb.KeepTenant },
            ["dispatch", "status"] => new() { Verb = AdminVerb.DispatchStatus },
            ["dispatch", "release"] => new() { Verb = AdminVerb.DispatchRelease },
            ["vault", "status"] => new() { Verb = AdminVerb.VaultStatus },
            ["vault", "rewrap"] => new() { Verb = AdminVerb.VaultRewrap },
            ["vault", "rotate"] => new() { Verb = AdminVerb.VaultRotate },
            ["vault", "destroy"] => new() { Verb = AdminVerb.VaultDestroy },
            ["person", "code"] => new() { Verb = AdminVerb.PersonCode },
            ["person", "reset"] => new() { Verb = AdminVerb.PersonReset },
            ["person", "sign-out"] => new() { Verb = AdminVerb.PersonSignOut },
            ["audit", "verify"] => new() { Verb = AdminVerb.AuditVerify },
            ["demo"] => new() { Verb = AdminVerb.Demo },
            _ => null,
        };
        return command is not null && command.ReadOptions(args, words.Length) ? command : null;
    }

    private string[] Known => Verb switch
    {
        AdminVerb.CreateOperator => ["email", "password"],
        AdminVerb.CreateTenant => ["owner", "password", "slug", "zone", "country"],
        AdminVerb.PersonCode or AdminVerb.PersonReset or AdminVerb.PersonSignOut => ["email"],
        AdminVerb.DeleteTenant or AdminVerb.VaultDestroy => ["tenant", "name"],
        AdminVerb.VaultRotate or AdminVerb.KeepTenant or AdminVerb.AuditVerify => ["tenant"],
        AdminVerb.DispatchStatus or AdminVerb.DispatchRelease or AdminVerb.VaultStatus or AdminVerb.VaultRewrap => [],
        _ => ["simulator"],
    };

    private string[] KnownFlags => Verb switch
    {
        AdminVerb.DispatchRelease => ["resume-planned"],
        AdminVerb.VaultStatus => ["check"],
        // Whoever has a shell decides: without the word it does not begin in trial.
        AdminVerb.CreateTenant => ["trial", "password-alone"],
        _ => [],
    };

    private bool ReadOptions(IReadOnlyList<string> args, int from)
    {
        for (var i = from; i < args.Count; i++)
        {
            if (args[i] == "--json")
                Json = true;
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && KnownFlags.Contains(args[i][2..]))
                _flags.Add(args[i][2..]);
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && Known.Contains(args[i][2..]) && i + 1 < args.Count)
                _options[args[i][2..]] = args[++i];
            else
                return false;
        }
        return true;
    }
}
