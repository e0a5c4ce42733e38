using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Contacts;

/// <summary>A person with a number and fields. One number is one contact in a tenant.</summary>
public sealed class Contact : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Country code and number, digits only, no plus.</summary>
    public required string Number { get; init; }

    /// <summary>Two letters of the number's country, found when it was taken in; null: it belongs to none, or nobody has looked.</summary>
    public string? Country { get; init; }

    /// <summary>What texts can take up as <c>{{field}}</c>; names are lower case.</summary>
    public Dictionary<string, string> Fields { get; set; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Contact>
    {
        public void Configure(EntityTypeBuilder<Contact> builder)
        {
            builder.ToTable("contacts", t => t.HasCheckConstraint("ck_contacts_number", Numbers.Check));
            builder.HasKey(c => new { c.TenantId, c.Id });
            builder.HasIndex(c => new { c.TenantId, c.Number }).IsUnique();
            builder.Property(c => c.Number).IsNumber();
            builder.Property(c => c.Country).HasMaxLength(2);
            builder.Property(c => c.Fields).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        }
    }
}
