using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>Keeps what was pasted or uploaded until a person has said what its columns are.</summary>
internal sealed class ImportIntake(PortalDbFactory dbs, TimeProvider clock)
{
    /// <summary>The most that one import may hold, in bytes.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    private const int LongestFileName = 200;

    public async Task<Result<Guid>> KeepAsync(Member member, string fileName, byte[] utf8, string field, CancellationToken ct)
    {
        if (LayoutGuess.Of(utf8) is not var (_, rows))
            return new Problem(field, "file_not_csv");
        if (rows == 0)
            return new Problem(field, "file_empty");
        await using var db = dbs.Create(member.Scope);
        var import = new Import
        {
            TenantId = member.TenantId,
            FileName = NameOf(fileName),
            Content = utf8,
            State = ImportState.Uploaded,
            CreatedBy = member.UserId,
            CreatedAt = clock.GetUtcNow(),
            Total = rows,
        };
        db.Add(import);
        await db.SaveChangesAsync(ct);
        return import.Id;
    }

    // Some browsers send the whole path; control characters would break a header or a log line.
    private static string NameOf(string fileName)
    {
        var name = string.Concat(fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c))).Trim();
        return name.Length > LongestFileName ? name[^LongestFileName..] : name;
    }
}
