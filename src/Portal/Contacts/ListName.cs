using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Contacts;

/// <summary>What a list may be called.</summary>
internal static class ListName
{
    public const int Longest = 80;

    public static Problem? Refuse(string name, string field) => name.Trim().Length switch
    {
        0 => new Problem(field, "list_name_empty"),
        > Longest => new Problem(field, "list_name_long", Longest),
        _ => null,
    };

    public static Problem Taken(string name, string field) => new(field, "list_name_taken", name.Trim());

    /// <summary>Two people may choose the same name in the same moment: the index is the judge.</summary>
    public static bool IsTaken(DbUpdateException e) =>
        e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "lists" };
}
