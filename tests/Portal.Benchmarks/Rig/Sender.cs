namespace Portal.Benchmarks.Rig;

/// <summary>The portal as a process that does nothing but send.</summary>
internal static class Sender
{
    /// <param name="dieAt">Where it kills itself (<c>Portal:Dispatch:DieAt</c>).</param>
    public static Child Start(Scratch scratch, int requestTimeoutSeconds, string? dieAt = null)
    {
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        var settings = scratch.Settings(requestTimeoutSeconds);
        settings["Portal:Roles"] = "worker";
        settings["Portal:PublicAddress"] = address;
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        settings["Logging:LogLevel:Default"] = "Warning";
        if (dieAt is not null)
            settings["Portal:Dispatch:DieAt"] = dieAt;
        return Child.Start(Scratch.Required("PORTAL_BIN_WEB"), ["--urls", address], settings);
    }
}
