using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class SessionsTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly byte[] _id = Guid.NewGuid().ToByteArray();

    private Sessions Sessions => new(portal.Services.GetRequiredService<IDbContextFactory<IdentityDb>>(), _clock);

    [Fact]
    public async Task A_session_that_nobody_uses_ends_after_half_an_hour()
    {
        await BeginAsync(remember: false);

        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.True(await AliveAsync());
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await AliveAsync());
        Assert.Null(await Sessions.FindAsync(_id, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_in_use_goes_on_for_twelve_hours_and_no_longer()
    {
        await BeginAsync(remember: false);
        for (var minutes = 0; minutes < (12 * 60) - 20; minutes += 20)
        {
            _clock.Advance(TimeSpan.FromMinutes(20));
            await Sessions.TouchAsync(_id, CancellationToken.None);
            Assert.True(await AliveAsync());
        }
        _clock.Advance(TimeSpan.FromMinutes(21));
        Assert.False(await AliveAsync());
    }

    [Fact]
    public async Task A_remembered_session_lasts_thirty_days_used_or_not()
    {
        await BeginAsync(remember: true);

        _clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(10));
        await Sessions.TouchAsync(_id, CancellationToken.None);
        Assert.True(await AliveAsync());
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(await AliveAsync());
    }

    [Fact]
    public async Task A_session_that_has_ended_cannot_be_touched_back_to_life()
    {
        await BeginAsync(remember: false);
        _clock.Advance(TimeSpan.FromMinutes(31));

        await Sessions.TouchAsync(_id, CancellationToken.None);

        Assert.False(await AliveAsync());
    }

    [Fact]
    public async Task A_locked_address_opens_again_after_a_quarter_of_an_hour()
    {
        var email = $"u{Guid.NewGuid():N}@example.test";
        await CreateAsync(email);
        await using var scope = portal.Services.CreateAsyncScope();
        var tries = new PasswordTries(new Tries(portal.Services.GetRequiredService<IDbContextFactory<IdentityDb>>(), _clock));
        var check = ActivatorUtilities.CreateInstance<CheckPassword>(scope.ServiceProvider, tries);
        for (var i = 0; i < 5; i++)
            await check.RunAsync(email, "not the password", "10.0.0.1", CancellationToken.None);

        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Null(await check.RunAsync(email, RunningPortal.Password, "10.0.0.1", CancellationToken.None));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await check.RunAsync(email, RunningPortal.Password, "10.0.0.1", CancellationToken.None));
        Assert.Null(await check.RunAsync(email, "not the password", "10.0.0.1", CancellationToken.None));
        Assert.NotNull(await check.RunAsync(email, RunningPortal.Password, "10.0.0.1", CancellationToken.None));
    }

    private async Task BeginAsync(bool remember)
    {
        var user = await CreateAsync($"u{Guid.NewGuid():N}@example.test");
        await Sessions.AddAsync(_id, user, [1], remember, CancellationToken.None);
    }

    private async Task<Guid> CreateAsync(string email)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, RunningPortal.Password), CancellationToken.None)).Value;
    }

    private Task<bool> AliveAsync() => Sessions.IsAliveAsync(_id, CancellationToken.None);
}
