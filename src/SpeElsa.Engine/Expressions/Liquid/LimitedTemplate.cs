using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace SpeElsa.Engine.Expressions.Liquid;

/// <summary>Puts limits where Fluid has none: a range makes all its numbers at once, a capture collects its text out of sight.</summary>
internal sealed class LimitedTemplate : AstRewriter
{
    public static IFluidTemplate Of(IFluidTemplate template) => new LimitedTemplate().VisitTemplate(template);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new LimitedRange((RangeExpression)base.VisitRangeExpression(rangeExpression));

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        var rewritten = (CaptureStatement)base.VisitCaptureStatement(captureStatement);
        return new LimitedCapture(rewritten.Identifier, rewritten.Statements);
    }

    private sealed class LimitedRange(RangeExpression range) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var from = (await range.From.EvaluateAsync(context)).ToNumberValue();
            var to = (await range.To.EvaluateAsync(context)).ToNumberValue();
            LiquidLimits.Of(context).CheckRange(from, to);
            return await range.EvaluateAsync(context);
        }

        protected override Expression Accept(AstVisitor visitor) => this;
    }

    private sealed class LimitedCapture(string identifier, IReadOnlyList<Statement> statements) : Statement
    {
        public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
        {
            await using var captured = new LimitedWriter(LiquidLimits.Of(context));
            var completion = await statements.RenderStatementsAsync(captured, encoder, context);
            context.SetValue(identifier, new StringValue(captured.ToString(), encode: false));
            return completion;
        }

        protected override Statement Accept(AstVisitor visitor) => this;
    }
}
