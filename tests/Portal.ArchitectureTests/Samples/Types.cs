using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace Portal.ArchitectureTests.Samples.Types;

public class CouldBeDerived;

internal sealed class PhoneHelper;

internal static class StringUtils;

internal sealed class CampaignManager<T>
{
    public T? Value { get; init; }
}

// The rest keeps the rules.
internal abstract class PlannedBase;

internal sealed record Sealed(int Value);

public class MadeByRazor : ComponentBase;

internal sealed class RolesOfTheFrameworkManager(IRoleStore<IdentityRole> store)
    : RoleManager<IdentityRole>(store, [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), Microsoft.Extensions.Logging.Abstractions.NullLogger<RoleManager<IdentityRole>>.Instance);
