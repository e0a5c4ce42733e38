namespace Portal.Migrations;

/// <summary>The SQL files of this program.</summary>
internal static class Scripts
{
    public static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream($"Portal.Migrations.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"There is no script {name}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
