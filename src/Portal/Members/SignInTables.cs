using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>The tables of <see cref="IdentityDb"/> that let people in: invitations, letters, second factors, attempts.</summary>
internal static class SignInTables
{
    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations");
            invitation.HasKey(i => i.Id);
            invitation.HasOne<Tenant>().WithMany().HasForeignKey(i => i.TenantId);
            invitation.HasOne<User>().WithMany().HasForeignKey(i => i.InvitedBy);
            invitation.HasIndex(i => new { i.TenantId, i.NormalizedEmail }).IsUnique();
            invitation.HasIndex(i => i.NormalizedEmail);
            invitation.HasIndex(i => i.CodeHash).IsUnique();
            invitation.Property(i => i.Email).HasMaxLength(254);
            invitation.Property(i => i.NormalizedEmail).HasMaxLength(254);
            invitation.Property(i => i.Culture).HasMaxLength(10);
            invitation.Property(i => i.Role).IsWord();
        });
        builder.Entity<PasswordReset>(reset =>
        {
            reset.ToTable("password_resets");
            reset.HasKey(r => r.UserId);
            reset.HasOne<User>().WithMany().HasForeignKey(r => r.UserId);
            reset.HasIndex(r => r.CodeHash).IsUnique();
        });
        builder.Entity<Letter>(letter =>
        {
            letter.ToTable("letters");
            letter.HasKey(l => l.Id);
            letter.HasIndex(l => l.NextAt);
            letter.Property(l => l.Email).HasMaxLength(254);
            letter.Property(l => l.Culture).HasMaxLength(10);
            letter.Property(l => l.Kind).IsWord();
        });
        builder.Entity<TryCount>(count =>
        {
            count.ToTable("tries");
            count.HasKey(t => t.Key);
            count.HasIndex(t => t.ResetsAt);
        });

        builder.Entity<Acting>(acting =>
        {
            acting.ToTable("actings", t => t.HasCheckConstraint("ck_actings_hour", "ends_at > started_at and ends_at <= started_at + interval '1 hour'"));
            acting.HasKey(a => a.SessionId);
            // Signing out deletes the session, and with it this.
            acting.HasOne<Session>().WithMany().HasForeignKey(a => a.SessionId);
            acting.HasOne<User>().WithMany().HasForeignKey(a => a.UserId);
            acting.HasOne<Tenant>().WithMany().HasForeignKey(a => a.TenantId);
            acting.HasIndex(a => a.TenantId);
            acting.HasIndex(a => a.UserId);
            acting.Property(a => a.Reason).HasMaxLength(SuspendTenant.MaxReason);
        });
        builder.Entity<SecondFactor>(factor =>
        {
            factor.ToTable("second_factors");
            factor.HasKey(f => f.UserId);
            factor.HasOne<User>().WithMany().HasForeignKey(f => f.UserId);
        });
        builder.Entity<RecoveryCode>(code =>
        {
            code.ToTable("recovery_codes");
            code.HasKey(c => new { c.UserId, c.Hash });
            code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        });
    }
}
