using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>Words of the audit come from <c>AuditActions</c> alone: those have a sentence in both languages, which a test of the pages asks.</summary>
public sealed partial class AuditWordTests
{
    [Fact]
    public void No_audit_word_is_written_where_it_is_used() => Rule.Holds(Violations(Checkout.Files("src", ".cs")));

    [Theory]
    [InlineData("db.Add(member.Did(\"account_added\", id, now));", 1)]
    [InlineData("work.Note(by, \"tenant_created\", now);", 1)]
    [InlineData("new AuditEntry { Action = \"x_y\" }", 1)]
    [InlineData("insert into app.audit_entries (tenant_id, action) values ($1, 'account_stopped')", 1)]
    [InlineData("member.Changed(AuditActions.LimitsChanged, now, \"day_messages\")", 0)]
    [InlineData("insert into app.audit_entries (tenant_id, action, details) values ($1, $2, '{}')", 0)]
    public void A_literal_word_is_found(string code, int found) => Assert.Equal(found, Violations([new("X.cs", code)]).Count());

    private static IEnumerable<string> Violations(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in Literal().Matches(file.Text)
        select $"{file.Name}: {match.Value}";

    [GeneratedRegex("""\b(?:Did|Changed|Note|NoteAsync|NoteOfPersonAsync)\((?:\w+, )?"[a-z_]+"|\bAction = "[a-z_]+"|insert into app\.audit_entries[^;"]{0,300}'[a-z]+_[a-z_]+'""", RegexOptions.None, 1000)]
    private static partial Regex Literal();
}
