using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

// Without a host (a tool, a test) it is as in production.
internal sealed class DispatchOptionsCheck(IHostEnvironment? host = null) : IValidateOptions<DispatchOptions>
{
    public ValidateOptionsResult Validate(string? name, DispatchOptions options)
    {
        if (options.FenceDirectory.Length == 0)
        {
            return host?.IsDevelopment() == true
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Portal:Dispatch:FenceDirectory is missing: a folder outside the database that all instances share. Without it a restored database would send again what it has sent.");
        }
        return Path.IsPathFullyQualified(options.FenceDirectory)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Portal:Dispatch:FenceDirectory must be a full path.");
    }
}
