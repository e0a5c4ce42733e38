using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>A text as it goes out. Stored once a sending, however many people get it.</summary>
public sealed class SendingText : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    public int TextNo { get; init; }

    public required string Text { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<SendingText>
    {
        public void Configure(EntityTypeBuilder<SendingText> builder)
        {
            builder.ToTable("sending_texts", t => t.HasCheckConstraint("ck_sending_texts_text", "text <> ''"));
            builder.HasKey(t => new { t.TenantId, t.SendingId, t.TextNo });
        }
    }
}
