using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Web.Admin;

/// <param name="Password">Where it was made or is fixed; else the person has theirs.</param>
internal sealed record AdminPerson(string Email, string? Password);

/// <summary>What an admin verb did, for a person (lines) or a program (JSON).</summary>
internal sealed record AdminAnswer
{
    public string? Tenant { get; init; }

    public AdminPerson? Operator { get; init; }

    public AdminPerson? Owner { get; init; }

    public AdminPerson? Person { get; init; }

    /// <summary>That were ended.</summary>
    public int? Sessions { get; init; }

    public AdminDeletion? Deletion { get; init; }

    /// <summary>What an authenticator app shows now.</summary>
    public string? Code { get; init; }

    public AdminDispatch? Dispatch { get; init; }

    public AdminVault? Vault { get; init; }

    public IReadOnlyList<AdminAudit>? Audits { get; init; }

    /// <summary>The verb ran, and what it found is bad news.</summary>
    [JsonIgnore]
    public bool Failed => Vault is { Well: false } || Audits?.Any(a => a.Faults.Count > 0) == true;

    public string ToJson() => JsonSerializer.Serialize(this, AdminJson.Default.AdminAnswer);

    public string ToLines()
    {
        var lines = new List<string>();
        if (Tenant is not null)
            lines.Add($"tenant {Tenant}");
        if (Operator is not null)
            lines.Add($"operator {Operator.Email} {Operator.Password}".TrimEnd());
        if (Owner is not null)
            lines.Add($"owner {Owner.Email} {Owner.Password}".TrimEnd());
        if (Person is not null)
            lines.Add($"person {Person.Email}");
        if (Sessions is not null)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"sessions ended {Sessions}"));
        if (Deletion is not null)
            lines.Add(Deletion.ToLine());
        if (Code is not null)
            lines.Add($"code {Code}");
        if (Dispatch is not null)
            lines.AddRange(Dispatch.ToLines());
        if (Vault is not null)
            lines.AddRange(Vault.ToLines());
        if (Audits is not null)
            lines.AddRange(AuditVerbs.Lines(Audits));
        return string.Join('\n', lines);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
