using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Contacts;

public enum ImportState { Uploaded, Running, Done, Cancelled, Failed }

/// <summary>
/// A pasted list or an uploaded file on its way into a list. The content stays with it until it is done, so that a
/// wrong mapping or a closed browser loses nothing.
/// </summary>
public sealed class Import : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The file's name, or empty for a pasted list.</summary>
    public required string FileName { get; init; }

    /// <summary>UTF-8 text as it came; null once done or cancelled.</summary>
    public byte[]? Content { get; set; }

    public ImportState State { get; set; }

    public Guid? ListId { get; set; }

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rows read so far, of <see cref="Total"/>.</summary>
    public int Rows { get; set; }

    public int Total { get; set; }

    public int Added { get; set; }

    public int Updated { get; set; }

    public int Duplicates { get; set; }

    public int Invalid { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<Import>
    {
        public void Configure(EntityTypeBuilder<Import> builder)
        {
            builder.ToTable("imports");
            builder.HasKey(i => new { i.TenantId, i.Id });
            builder.Property(i => i.FileName).HasMaxLength(200);
            builder.Property(i => i.State).IsWord();
        }
    }
}

/// <summary>A row of an import that was not taken, and why: shown to the person and downloadable.</summary>
public sealed class ImportProblem : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid ImportId { get; init; }

    /// <summary>Line in the file, counted from 1 with the header.</summary>
    public int Line { get; init; }

    public required string Value { get; init; }

    /// <summary>Key of the sentence: <c>no_country</c>, <c>not_a_number</c>, <c>duplicate</c> …</summary>
    public required string Reason { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<ImportProblem>
    {
        public void Configure(EntityTypeBuilder<ImportProblem> builder)
        {
            builder.ToTable("import_problems");
            builder.HasKey(p => new { p.TenantId, p.ImportId, p.Line });
            builder.HasOne<Import>().WithMany().HasForeignKey(p => new { p.TenantId, p.ImportId }).OnDelete(DeleteBehavior.Cascade);
            builder.Property(p => p.Value).HasMaxLength(100);
            builder.Property(p => p.Reason).HasMaxLength(40);
        }
    }
}
