using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class PageLifeTests
{
    [Fact]
    public async Task What_is_under_way_when_a_page_is_left_ends_without_a_fault()
    {
        var (life, answer) = (new PageLife(), new TaskCompletionSource());
        var loading = LoadAsync();
        life.Dispose();
        life.Dispose();
        answer.SetResult();
        // A renderer minds no operation that was cancelled; anything else ends the circuit.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);

        async Task LoadAsync()
        {
            await answer.Task;
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(life.Token);
            await Task.Delay(Timeout.Infinite, life.Token);
        }
    }
}
