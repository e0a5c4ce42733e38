using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;

namespace Portal.Web.Hosting;

internal sealed class DatabaseOptionsCheck : IValidateOptions<DatabaseOptions>
{
    private const int KeyBytes = 32;

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var mistakes = new[] { Address(options), RoleKey(options) }.OfType<string>().ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static string? Address(DatabaseOptions options)
    {
        if (options.ConnectionString.Length == 0)
            return "ConnectionStrings:Portal is missing: the address of the database, as Host=…;Database=portal, without user name and password.";
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return builder is { Host.Length: > 0, Database.Length: > 0 } ? null : "ConnectionStrings:Portal names no Host or no Database.";
        }
        catch (ArgumentException)
        {
            // The message would repeat the text, with a password in it perhaps.
            return "ConnectionStrings:Portal is no connection string of PostgreSQL.";
        }
    }

    private static string? RoleKey(DatabaseOptions options)
    {
        if (options.RoleKey.Length + options.RoleKeyFile.Length == 0)
            return "Portal:Database:RoleKeyFile (or Portal:Database:RoleKey) is missing: base64 of 32 random bytes, the same as at the migration.";
        if (options.RoleKeyFile.Length > 0 && !File.Exists(options.RoleKeyFile))
            return $"Portal:Database:RoleKeyFile: there is no file {options.RoleKeyFile}.";
        var encoded = options.RoleKeyFile.Length > 0 ? File.ReadAllText(options.RoleKeyFile).Trim() : options.RoleKey;
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) && length >= KeyBytes
            ? null
            : "Portal:Database:RoleKey is not base64 of at least 32 bytes.";
    }
}
