using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Portal.Data;

/// <summary>Where the database is and how the roles sign in to it. Bound to <c>Portal:Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Portal:Database";

    /// <summary>Host, port and database; a user name in it is not used by the portal (<c>ConnectionStrings:Portal</c>).</summary>
    [Required(ErrorMessage = "ConnectionStrings:Portal is missing: the address of the database, without user name and password.")]
    public string ConnectionString { get; set; } = "";

    /// <summary>Base64 of 32 random bytes that the roles' passwords are derived from; or see <see cref="RoleKeyFile"/>.</summary>
    public string RoleKey { get; set; } = "";

    /// <summary>File that holds <see cref="RoleKey"/>.</summary>
    public string RoleKeyFile { get; set; } = "";

    /// <summary>Name of the key store's database; by default on the same server.</summary>
    public string KeyStoreDatabase { get; set; } = "";

    /// <summary>The connection string of one role: the shared address, that role's name and derived password.</summary>
    public string For(DatabaseRole role)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Username = RoleName(role),
            Password = PasswordOf(role),
            ApplicationName = $"portal-{role.ToString().ToLowerInvariant()}",
            // The tenant lives in a session setting: a pooled connection must be reset between borrowers.
            NoResetOnClose = false,
            // An error of the database must not name the number that stood in its way.
            IncludeErrorDetail = false,
            MaxPoolSize = role == DatabaseRole.App ? 40 : 20,
        };
        if (role == DatabaseRole.Inbox)
            // A provider waits for the answer: rather the spool than a database that does not answer.
            (builder.Timeout, builder.CommandTimeout, builder.MaxPoolSize) = (3, 5, 4);
        if (role == DatabaseRole.Keys)
            builder.Database = KeyStore;
        return builder.ConnectionString;
    }

    /// <summary>The key store's database: as configured, else the main one's name with <c>_keys</c>.</summary>
    public string KeyStore => KeyStoreDatabase.Length > 0
        ? KeyStoreDatabase
        : new NpgsqlConnectionStringBuilder(ConnectionString).Database + "_keys";

    public static string RoleName(DatabaseRole role) => $"portal_{role.ToString().ToLowerInvariant()}";

    /// <summary>HKDF-SHA256 of the role key, so that one secret signs in every role and none of them can be guessed from another.</summary>
    public string PasswordOf(DatabaseRole role)
    {
        var encoded = RoleKeyFile.Length > 0 ? File.ReadAllText(RoleKeyFile).Trim() : RoleKey;
        var key = Convert.FromBase64String(encoded);
        if (key.Length < 32)
            throw new InvalidOperationException("Portal:Database:RoleKey must be base64 of at least 32 random bytes.");
        return Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 24, info: Encoding.UTF8.GetBytes("portal/v1/role|" + RoleName(role))));
    }
}
