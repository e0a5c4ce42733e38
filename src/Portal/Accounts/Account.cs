using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Accounts;

public enum AccountKind { Marketing, Verification, Both }

public enum AccountState { Active, Stopped, Disabled }

/// <summary>A tenant's account at the provider.</summary>
public sealed class Account : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Label { get; set; }

    /// <summary>Scheme, host, port and path prefix of the provider's API, without <c>/outauth/…</c>.</summary>
    public required string BaseAddress { get; set; }

    public AccountKind Kind { get; set; }

    public AccountState State { get; set; }

    /// <summary>The provider's code, or our own word (<c>doubts</c>, <c>clock</c>), that stopped it.</summary>
    public string? StoppedCode { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The address of ours that the provider refused (204), where known.</summary>
    public string? MissingAddress { get; set; }

    /// <summary>Requests a second that the provider allows.</summary>
    public int Rate { get; set; } = 100;

    /// <summary>Requests open at once that the provider allows.</summary>
    public int Concurrency { get; set; } = 100;

    /// <summary>Numbers in one request, 1 to 1000: what one doubt covers.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// A receipt named a number of a request that the provider had refused, so a refusal of this account does not mean that
    /// nothing was sent: a refused batch is not halved and sent again.
    /// </summary>
    public bool NoHalving { get; set; }

    /// <summary>Hours after which a message without a receipt reads "no receipt". One that comes later still counts.</summary>
    public int ReceiptHours { get; set; } = 72;

    /// <summary>Since then receipts are taken only over the account's own address; null: over the common one as well.</summary>
    public DateTimeOffset? TokenOnlySince { get; set; }

    public string? SenderId { get; set; }

    public string? TemplateId { get; set; }

    public string? SignName { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest key pair was last tried by a signed call, and what the provider answered.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    public string? CheckedCode { get; set; }

    /// <summary>The provider's clock minus ours, in seconds, when it last said its time to a check.</summary>
    public int? ClockOffset { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("accounts", t =>
            {
                t.HasCheckConstraint("ck_accounts_rate", "rate between 1 and 100000");
                t.HasCheckConstraint("ck_accounts_concurrency", "concurrency between 1 and 10000");
                t.HasCheckConstraint("ck_accounts_batch_size", "batch_size between 1 and 1000");
                t.HasCheckConstraint("ck_accounts_receipt_hours", "receipt_hours between 1 and 720");
                t.HasCheckConstraint("ck_accounts_stopped", "(state = 'stopped') = (stopped_code is not null)");
            });
            builder.HasKey(a => new { a.TenantId, a.Id });
            builder.HasIndex(a => new { a.TenantId, a.Label }).IsUnique();
            builder.Property(a => a.Label).HasMaxLength(60);
            builder.Property(a => a.BaseAddress).HasMaxLength(200);
            builder.Property(a => a.Kind).IsWord();
            builder.Property(a => a.State).IsWord();
            builder.Property(a => a.StoppedCode).HasMaxLength(20);
            builder.Property(a => a.MissingAddress).HasMaxLength(45);
            builder.Property(a => a.NoHalving).HasDefaultValue(false);
            builder.Property(a => a.ReceiptHours).HasDefaultValue(72);
            builder.Property(a => a.SenderId).HasMaxLength(10);
            builder.Property(a => a.TemplateId).HasMaxLength(64);
            builder.Property(a => a.SignName).HasMaxLength(64);
            builder.Property(a => a.CheckedCode).HasMaxLength(40);
            builder.Property<uint>("xmin").IsRowVersion();
        }
    }
}
