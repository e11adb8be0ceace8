using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>A Management API that does not answer, or that shows another certificate.</summary>
public sealed class ManagementApiFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switched_off_it_is_unavailable_and_cleared_it_answers_again()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await client.GetServiceStatusAsync(Token);

        lab.Farm.Faults.Set(lab.Old, new LabFault(LabFaultKind.ApiOff));
        await lab.Product.SettleAsync(Token);
        var off = await Assert.ThrowsAsync<ManagementApiException>(() => client.GetServiceStatusAsync(Token));
        lab.Farm.Faults.Clear(lab.Old);
        await lab.Product.SettleAsync(Token);

        Assert.Equal(ManagementApiFailure.Unreachable, off.Failure);
        await client.GetServiceStatusAsync(Token);
    }

    [Fact]
    public async Task With_another_certificate_it_is_not_trusted_and_cleared_it_is_again()
    {
        await using var lab = await ProductLab.OpenAsync();

        lab.Farm.Faults.Set(lab.Old, new LabFault(LabFaultKind.CertificateChanged));
        await lab.Product.SettleAsync(Token);
        using var client = lab.Client();
        var changed = await Assert.ThrowsAsync<ManagementApiException>(() => client.GetServiceStatusAsync(Token));
        lab.Farm.Faults.Clear(lab.Old);
        await lab.Product.SettleAsync(Token);

        Assert.Equal(ManagementApiFailure.CertificateMismatch, changed.Failure);
        await client.GetServiceStatusAsync(Token);
    }
}
