using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Members;
using Portal.Web.Operators;

namespace Portal.Web.Admin;

/// <summary><c>admin dispatch status</c> and <c>release</c>: the hold after a restore of the database.</summary>
internal sealed class DispatchVerbs(DispatchStatus status, ReleaseAfterRestore release, IStringLocalizer<OperatorsText> texts)
{
    public async Task<Result<AdminAnswer>> StatusAsync(CancellationToken ct)
    {
        var result = await status.RunAsync(Operator.Console, ct);
        if (!result.Ok)
            return result.Problems.ToList();
        var state = result.Value;
        return new AdminAnswer
        {
            Dispatch = new(state.Why is not null, state.Why, Reason(state.Why), state.Since, state.ReservedInside, state.ReservedOutside, state.Store, state.Sendings, null),
        };
    }

    public async Task<Result<AdminAnswer>> ReleaseAsync(bool resumePlanned, CancellationToken ct)
    {
        var result = await release.RunAsync(Operator.Console, resumePlanned, ct);
        if (!result.Ok)
            return result.Problems.ToList();
        var (dispatch, heldBack) = result.Value;
        return new AdminAnswer
        {
            Dispatch = new(false, dispatch.Why, Reason(dispatch.Why), null, null, null, null, null, new(dispatch.Doubted, dispatch.Paused, heldBack)),
        };
    }

    private string? Reason(string? why) => why is null ? null : texts["Held_" + why].Value;
}
