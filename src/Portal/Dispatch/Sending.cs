using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

public enum SendingKind { Campaign, Test }

public enum SendingState { Preparing, Running, Paused, Stopped, Finished, Cancelled }

/// <summary>
/// One piece of work that sends. Every batch and message belongs to one. Dispatch knows no campaign: whoever starts a
/// sending gives it its audience, its text and its earliest time.
/// </summary>
public sealed class Sending : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid AccountId { get; init; }

    public SendingKind Kind { get; init; }

    public SendingState State { get; set; }

    /// <summary>First day of the month (UTC) in which it started: the partition of its messages and receipts. Never changes.</summary>
    public DateOnly Month { get; init; }

    /// <summary>The text with its <c>{{fields}}</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The lists whose contacts are written to.</summary>
    public Guid[] ListIds { get; init; } = [];

    /// <summary>For a test: the one number, instead of lists.</summary>
    public string? Number { get; init; }

    /// <summary>For a test that is to prove a key pair: that pair's version, which signs it. Only such a sending leaves while no pair of the account is proven.</summary>
    public int? ProvesVersion { get; init; }

    public int BatchSize { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>No request before this: the end of the undo window, or the planned time.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Its requests are spread evenly from <see cref="NotBefore"/> to here; null: as fast as the account allows.</summary>
    public DateTimeOffset? SpreadUntil { get; init; }

    /// <summary>Whoever quiet hours put off past this gets nothing; null: they wait however long.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>
    /// When it comes to more messages it is cancelled before the first request; so it is running only when all are prepared.
    /// Null: however many.
    /// </summary>
    public int? MostMessages { get; init; }

    /// <summary>
    /// So many messages go first; the rest waits until enough of them were delivered. It is running only when all are prepared.
    /// Null: no canary.
    /// </summary>
    public int? Canary { get; init; }

    /// <summary>Percent of the canary's messages that must be delivered.</summary>
    public int? CanaryPercent { get; init; }

    /// <summary>Minutes that the canary's receipts may take; then a person decides.</summary>
    public int? CanaryMinutes { get; init; }

    /// <summary>When the rest was let go, by enough receipts or by a person.</summary>
    public DateTimeOffset? CanaryPassedAt { get; set; }

    /// <summary>Why the portal paused it (<c>canary</c>); null when a person did.</summary>
    public string? PausedWhy { get; set; }

    /// <summary>The limit that holds it back until <see cref="WaitsUntil"/>, when it is looked at again; stale once that is over.</summary>
    public string? WaitsFor { get; init; }

    public DateTimeOffset? WaitsUntil { get; init; }

    public DateTimeOffset? FirstRequestAt { get; set; }

    /// <summary>The last number that a committed chunk looked at: where preparing goes on after a crash.</summary>
    public string? PreparedTo { get; set; }

    public DateTimeOffset? PreparedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Messages made so far, so the next ordinal.</summary>
    public int Messages { get; set; }

    /// <summary>Batches made so far, so the next batch number.</summary>
    public int Batches { get; set; }

    /// <summary>A new sending to the contacts of <paramref name="listIds"/>. Add it with its <see cref="SendingCounts"/> in one transaction.</summary>
    public static Sending Create(
        Guid tenantId, Guid accountId, SendingKind kind, string text, Guid[] listIds, int batchSize, DateTimeOffset now, DateTimeOffset notBefore, SendingPace? pace = null) => new()
        {
            TenantId = tenantId,
            AccountId = accountId,
            Kind = kind,
            State = SendingState.Preparing,
            Month = new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1),
            Text = text,
            ListIds = listIds,
            BatchSize = batchSize,
            CreatedAt = now,
            NotBefore = notBefore,
            SpreadUntil = pace?.SpreadUntil > notBefore ? pace.SpreadUntil : null,
            LastAt = pace?.LastAt,
            MostMessages = pace?.MostMessages,
            Canary = pace?.Canary?.Messages,
            CanaryPercent = pace?.Canary?.Percent,
            CanaryMinutes = pace?.Canary?.Minutes,
        };

    /// <summary>A test: one text to one number, at once; with <paramref name="provesVersion"/> it proves that key pair.</summary>
    public static Sending ToOne(Guid tenantId, Guid accountId, string text, string number, DateTimeOffset now, int? provesVersion = null) => new()
    {
        TenantId = tenantId,
        AccountId = accountId,
        Kind = SendingKind.Test,
        State = SendingState.Preparing,
        Month = new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1),
        Text = text,
        Number = number,
        ProvesVersion = provesVersion,
        BatchSize = 1,
        CreatedAt = now,
        NotBefore = now,
    };

    /// <summary>When its messages, their numbers and texts were taken away, because the tenant keeps them no longer.</summary>
    public DateTimeOffset? MessagesClearedAt { get; set; }

    /// <summary>The same for its receipts.</summary>
    public DateTimeOffset? ReceiptsClearedAt { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<Sending>
    {
        // As infra.open_sendings asks.
        private const string Outgrown = "state = 'cancelled' and messages > most_messages";

        public void Configure(EntityTypeBuilder<Sending> builder)
        {
            builder.ToTable("sendings", t =>
            {
                t.HasCheckConstraint("ck_sendings_month", "extract(day from month) = 1");
                t.HasCheckConstraint("ck_sendings_batch_size", "batch_size between 1 and 1000");
                t.HasCheckConstraint("ck_sendings_proves", "proves_version is null or (kind = 'test' and proves_version > 0)");
                t.HasCheckConstraint("ck_sendings_canary", "(canary is null) = (canary_percent is null) and (canary is null) = (canary_minutes is null) and canary > 0 and canary_percent between 1 and 100 and canary_minutes between 1 and 1440");
                t.HasCheckConstraint("ck_sendings_spread", "spread_until > not_before");
                t.HasCheckConstraint("ck_sendings_paused", "paused_why is null or state = 'paused'");
                t.HasCheckConstraint("ck_sendings_finished", "state <> 'finished' or prepared_at is not null");
            });
            builder.HasKey(s => new { s.TenantId, s.Id });
            builder.HasOne<Accounts.Account>().WithMany().HasForeignKey(s => new { s.TenantId, s.AccountId });
            builder.HasIndex(s => new { s.TenantId, s.AccountId }).HasFilter("state in ('preparing', 'running')").HasDatabaseName("ix_sendings_open");
            builder.HasIndex(s => new { s.TenantId, s.Id }).HasFilter(Outgrown).HasDatabaseName("ix_sendings_outgrown");
            builder.Property(s => s.Kind).IsWord();
            builder.Property(s => s.State).IsWord();
            builder.Property(s => s.PausedWhy).HasMaxLength(40);
            builder.Property(s => s.WaitsFor).HasMaxLength(40);
            builder.Property(s => s.Number).HasColumnType("text").UseCollation("C");
            builder.Property(s => s.PreparedTo).HasColumnType("text").UseCollation("C");
        }
    }
}
