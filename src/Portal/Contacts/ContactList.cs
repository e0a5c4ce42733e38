using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Contacts;

/// <summary>A named set of contacts.</summary>
public sealed class ContactList : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<ContactList>
    {
        public void Configure(EntityTypeBuilder<ContactList> builder)
        {
            builder.ToTable("lists");
            builder.HasKey(l => new { l.TenantId, l.Id });
            builder.HasIndex(l => new { l.TenantId, l.Name }).IsUnique();
            builder.Property(l => l.Name).HasMaxLength(80);
        }
    }
}

/// <summary>A contact on a list.</summary>
public sealed class ListMember : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid ListId { get; init; }

    public Guid ContactId { get; init; }

    /// <summary>The contact's number, which never changes: lists are read in the order of numbers, a piece at a time.</summary>
    public required string Number { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<ListMember>
    {
        public void Configure(EntityTypeBuilder<ListMember> builder)
        {
            builder.ToTable("list_members");
            builder.HasKey(m => new { m.TenantId, m.ListId, m.Number });
            builder.HasOne<ContactList>().WithMany().HasForeignKey(m => new { m.TenantId, m.ListId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Contact>().WithMany().HasForeignKey(m => new { m.TenantId, m.ContactId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(m => new { m.TenantId, m.ContactId });
            builder.Property(m => m.Number).IsNumber();
        }
    }
}
