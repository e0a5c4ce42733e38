namespace Portal.Web.Admin;

internal enum AdminVerb { CreateOperator, CreateTenant, Demo }

/// <summary>What was asked for: a verb, the tenant's name where there is one, and options.</summary>
internal sealed class AdminCommand
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    public AdminVerb Verb { get; private init; }

    public string Name { get; private init; } = "";

    public bool Json { get; private set; }

    /// <summary>For a tenant: it begins in trial. Whoever has a shell decides; without a word it does not.</summary>
    public bool Trial { get; private set; }

    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <summary>Null: nothing that is known.</summary>
    public static AdminCommand? Read(IReadOnlyList<string> args)
    {
        var words = args.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
        AdminCommand? command = words switch
        {
            ["operator", "create"] => new() { Verb = AdminVerb.CreateOperator },
            ["tenant", "create", var name] => new() { Verb = AdminVerb.CreateTenant, Name = name },
            ["demo"] => new() { Verb = AdminVerb.Demo },
            _ => null,
        };
        return command is not null && command.ReadOptions(args, words.Length) ? command : null;
    }

    private string[] Known => Verb switch
    {
        AdminVerb.CreateOperator => ["email", "password"],
        AdminVerb.CreateTenant => ["owner", "password", "slug", "zone", "country"],
        _ => ["simulator"],
    };

    private bool ReadOptions(IReadOnlyList<string> args, int from)
    {
        for (var i = from; i < args.Count; i++)
        {
            if (args[i] == "--json")
                Json = true;
            else if (args[i] == "--trial" && Verb == AdminVerb.CreateTenant)
                Trial = true;
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && Known.Contains(args[i][2..]) && i + 1 < args.Count)
                _options[args[i][2..]] = args[++i];
            else
                return false;
        }
        return true;
    }
}
