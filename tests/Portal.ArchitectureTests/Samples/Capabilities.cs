// A small product that breaks the graph of the capabilities in each way it can be broken.
namespace Portal.ArchitectureTests.Samples.House
{
    internal sealed class BesideTheCapabilities
    {
        public Data.Ground? Ground { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Data
{
    internal sealed class Ground
    {
        public Tenants.Neighbour? Allowed { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Tenants
{
    internal sealed class Neighbour
    {
        public Data.Ground? Allowed { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Accounts
{
    internal sealed class Account
    {
        public Data.Ground? Allowed { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Contacts
{
    internal sealed class UsesItsNeighbour
    {
        public Accounts.Account? Account { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Dispatch
{
    internal static class UsesWhatIsAboveInALambda
    {
        public static async Task<string> RunAsync(CancellationToken ct)
        {
            await Task.Delay(0, ct);
            Func<string> name = () => Campaigns.Campaign.Name();
            return name();
        }
    }

    internal sealed class KeepsTheRule
    {
        public Accounts.Account? Account { get; init; }

        public Data.Ground? Ground { get; init; }
    }
}

namespace Portal.ArchitectureTests.Samples.House.Campaigns
{
    internal static class Campaign
    {
        public static string Name() => "a campaign";
    }
}

namespace Portal.ArchitectureTests.Samples.House.Common
{
    internal static class NoCapability;
}
