using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>The settings are not such that the portal can start.</summary>
/// <param name="mistakes">Each names its key.</param>
public sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception("The portal cannot start:\n  " + string.Join("\n  ", mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}

internal static class StartUp
{
    /// <summary>Checks the settings before anything is made of them, and says every mistake at once.</summary>
    /// <exception cref="SettingsException">There are mistakes.</exception>
    public static void CheckSettings(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException e)
        {
            throw new SettingsException([.. e.Failures]);
        }
        catch (AggregateException e)
        {
            throw new SettingsException([.. e.InnerExceptions.SelectMany(i => i is OptionsValidationException o ? o.Failures : [i.Message])]);
        }
    }
}
